<%@ Page Language="C#" MasterPageFile="~/Site.master" Title="Request path - Private Equity Platform" EnableSessionState="False" EnableViewState="False" %>
<%@ Import Namespace="System.Collections.Generic" %>
<%@ Import Namespace="System.Linq" %>
<%@ Import Namespace="System.Web.Script.Serialization" %>
<script runat="server">
    private static readonly IDictionary<string, string> titles = new Dictionary<string, string>
    {
        { "web", "Web tier" }, { "app", "App tier" }, { "database", "Database" }
    };

    private IList<Hop> hops;
    private Hop failed;

    protected void Page_Load(object sender, EventArgs e)
    {
        hops = AppTier.Chain();
        failed = hops.FirstOrDefault(hop => !hop.Ok);
        Response.Cache.SetCacheability(HttpCacheability.NoCache);
        Response.StatusCode = failed == null ? 200 : 502;
        Response.TrySkipIisCustomErrors = true;
        if (Request.QueryString["format"] == "json") WriteJson();
    }

    private void WriteJson()
    {
        var json = new Dictionary<string, object>();
        json["ok"] = failed == null;
        json["hops"] = hops.Select(hop => hop.ToJson()).ToList();
        Response.ContentType = "application/json";
        Response.Write(new JavaScriptSerializer().Serialize(json));
        // Ends the page without the exception that Response.End would throw.
        Visible = false;
    }

    protected static string TitleOf(Hop hop)
    {
        return titles.ContainsKey(hop.Tier) ? titles[hop.Tier] : hop.Tier;
    }

    protected static string OrUnknown(string text)
    {
        return text == "" ? "not reported" : text;
    }
</script>
<asp:Content ContentPlaceHolderID="Body" runat="server">
    <h1>The way of a request</h1>
    <% if (failed == null) { %>
    <p class="lead">This page was made by every tier in turn, each over an encrypted connection.</p>
    <% } else { %>
    <p class="lead bad" role="alert"><strong><%: TitleOf(failed) %>:</strong> <%: failed.Error %>.</p>
    <% } %>
    <ol class="hops">
        <% foreach (var hop in hops) { %>
        <li class="<%: hop.Ok ? "good" : "bad" %>">
            <h2><%: TitleOf(hop) %> <span class="state"><%: hop.Ok ? "answered" : "failed" %></span></h2>
            <dl>
                <dt>Region</dt><dd><%: OrUnknown(hop.Region) %></dd>
                <dt>Zone</dt><dd><%: OrUnknown(hop.Zone) %></dd>
                <dt>Server</dt><dd><%: OrUnknown(hop.Server) %></dd>
                <dt>Took</dt><dd><%: hop.Milliseconds %> ms</dd>
            </dl>
            <% if (!hop.Ok) { %>
            <p class="reason"><%: hop.Error %></p>
            <% } %>
        </li>
        <% } %>
    </ol>
</asp:Content>
