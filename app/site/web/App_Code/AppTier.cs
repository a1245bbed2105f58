using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net;
using System.Text;
using System.Web.Script.Serialization;

/// <summary>The web tier's way to the app tier: HTTPS with a verified certificate.</summary>
public static class AppTier
{
    private const int TimeoutMilliseconds = 20000;

    /// <summary>Every hop of a request, this server first. Never throws; a failure is a hop's.</summary>
    public static IList<Hop> Chain()
    {
        var watch = Stopwatch.StartNew();
        var hops = new List<Hop> { Hop.Here("web") };
        try
        {
            var answer = Fetch(new Uri(Settings.RequireAddress("appEndpoint"), "/api/chain"));
            answer[0].Milliseconds = watch.ElapsedMilliseconds;
            hops.AddRange(answer);
        }
        catch (Exception problem)
        {
            ServerLog.Error("The app hop failed", problem);
            hops.Add(Hop.Failed("app", problem is HopException
                ? problem.Message
                : "an unexpected failure; the web server's log has it"));
            hops.Add(Hop.Failed("database", "not asked, since the hop before it failed"));
        }
        return hops;
    }

    private static List<Hop> Fetch(Uri address)
    {
        var request = (HttpWebRequest)WebRequest.Create(address);
        request.Proxy = null;
        request.Timeout = TimeoutMilliseconds;
        request.ReadWriteTimeout = TimeoutMilliseconds;
        request.AllowAutoRedirect = false;
        request.Accept = "application/json";
        HttpWebResponse response;
        try
        {
            response = (HttpWebResponse)request.GetResponse();
        }
        catch (WebException problem)
        {
            // 502 carries an answer too: the app tier's own account of what failed behind it.
            response = problem.Response as HttpWebResponse;
            if (response == null) throw new HopException(Explain(problem.Status), problem);
        }
        using (response)
        using (var reader = new StreamReader(response.GetResponseStream(), Encoding.UTF8))
            return Parse(reader.ReadToEnd(), (int)response.StatusCode);
    }

    private static List<Hop> Parse(string text, int status)
    {
        try
        {
            var hops = new JavaScriptSerializer()
                .Deserialize<List<Dictionary<string, object>>>(text)
                .Select(Hop.FromJson)
                .ToList();
            if (hops.Count > 0) return hops;
        }
        catch (Exception problem)
        {
            ServerLog.Error("The app tier's answer (HTTP " + status + ") is not a chain", problem);
        }
        throw new HopException(status == 503
            ? "its load balancer has no healthy server"
            : "it gave no usable answer (HTTP " + status + ")");
    }

    private static string Explain(WebExceptionStatus status)
    {
        switch (status)
        {
            case WebExceptionStatus.NameResolutionFailure: return "its name does not resolve";
            case WebExceptionStatus.ConnectFailure: return "no connection to it could be made";
            case WebExceptionStatus.Timeout: return "it did not answer in time";
            case WebExceptionStatus.TrustFailure: return "its certificate is not trusted";
            default: return "the connection to it failed (" + status + ")";
        }
    }
}
