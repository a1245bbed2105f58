using System;
using System.Collections.Generic;
using System.Web;

/// <summary>
/// What both sites do with every request: addresses without extension, headers that keep browsers
/// careful, and errors that tell a visitor nothing about the inside.
/// </summary>
public abstract class PlatformApplication : HttpApplication
{
    /// <summary>Address to page, for those a site offers.</summary>
    protected abstract IDictionary<string, string> Routes { get; }

    protected void Application_BeginRequest(object sender, EventArgs e)
    {
        var headers = Response.Headers;
        headers["X-Content-Type-Options"] = "nosniff";
        headers["X-Frame-Options"] = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Content-Security-Policy"] =
            "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; " +
            "base-uri 'none'; frame-ancestors 'none'";
        if (Request.IsSecureConnection) headers["Strict-Transport-Security"] = "max-age=31536000";

        string page;
        var path = Request.AppRelativeCurrentExecutionFilePath.TrimEnd('/').ToLowerInvariant();
        if (Routes.TryGetValue(path, out page)) Context.RewritePath(page, "", Request.QueryString.ToString());
    }

    protected void Application_Error(object sender, EventArgs e)
    {
        var problem = Server.GetLastError();
        var http = problem as HttpException;
        var status = http == null ? 500 : http.GetHttpCode();
        var reference = Guid.NewGuid().ToString("N").Substring(0, 8);
        if (status >= 500)
            ServerLog.Error("Request " + reference + " to " + Request.Path + " failed", problem);
        Server.ClearError();
        Response.Clear();
        Response.StatusCode = status;
        Response.TrySkipIisCustomErrors = true;
        Response.ContentType = "text/plain";
        Response.Write(status == 404
            ? "There is no such page."
            : status < 500
                ? "The request was refused."
                : "Something went wrong. The server's log has the reason under " + reference + ".");
    }
}
