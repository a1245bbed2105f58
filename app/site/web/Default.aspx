<%@ Page Language="C#" MasterPageFile="~/Site.master" Title="Private Equity Platform" %>
<script runat="server">
    private int visits;

    protected void Page_Init(object sender, EventArgs e)
    {
        // Binds the form to this session: another visitor's form is refused.
        ViewStateUserKey = Session.SessionID;
    }

    protected void Page_Load(object sender, EventArgs e)
    {
        Response.Cache.SetCacheability(HttpCacheability.NoCache);
        visits = (Session["visits"] as int? ?? 0) + 1;
        Session["visits"] = visits;
    }

    protected void Restart(object sender, EventArgs e)
    {
        visits = 0;
        Session["visits"] = visits;
    }
</script>
<asp:Content ContentPlaceHolderID="Body" runat="server">
    <h1>One platform, eight modules</h1>
    <p class="lead">From the first commitment to the last distribution, for investors, funds and the teams that run them.</p>
    <ul class="modules">
        <% foreach (var module in Module.All) { %>
        <li>
            <h2><%: module.Name %></h2>
            <p><%: module.Purpose %></p>
        </li>
        <% } %>
    </ul>
    <form runat="server" class="session">
        <p>Visits in this session: <strong id="visits"><%: visits %></strong>.
            The count lives in this server's memory; sticky sessions bring you back to it.</p>
        <asp:Button Text="Start again" OnClick="Restart" runat="server" />
    </form>
</asp:Content>
