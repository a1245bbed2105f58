<%@ WebHandler Language="C#" Class="Healthz" %>

using System.Web;

/// <summary>
/// The load balancer's question: does this process answer? Nothing behind it is asked, or one slow
/// database would take every server out of service at once.
/// </summary>
public class Healthz : IHttpHandler
{
    public bool IsReusable { get { return true; } }

    public void ProcessRequest(HttpContext context)
    {
        context.Response.ContentType = "text/plain";
        context.Response.Cache.SetCacheability(HttpCacheability.NoCache);
        context.Response.Write("ok");
    }
}
