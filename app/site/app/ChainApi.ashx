<%@ WebHandler Language="C#" Class="ChainApi" %>

using System.Linq;
using System.Web;
using System.Web.Script.Serialization;

/// <summary>The app tier's part of the chain: itself and the database. 502 if a hop failed.</summary>
public class ChainApi : IHttpHandler
{
    public bool IsReusable { get { return true; } }

    public void ProcessRequest(HttpContext context)
    {
        var hops = new[] { Hop.Here("app"), Database.Ask() };
        var response = context.Response;
        response.StatusCode = hops.All(hop => hop.Ok) ? 200 : 502;
        response.TrySkipIisCustomErrors = true;
        response.ContentType = "application/json";
        response.Cache.SetCacheability(HttpCacheability.NoCache);
        response.Write(new JavaScriptSerializer().Serialize(hops.Select(hop => hop.ToJson())));
    }
}
