<%@ Application Language="C#" Inherits="PlatformApplication" %>
<%@ Import Namespace="System.Collections.Generic" %>
<script runat="server">
    private static readonly IDictionary<string, string> pages = new Dictionary<string, string>
    {
        { "~", "~/Default.aspx" },
        { "~/chain", "~/Chain.aspx" },
        { "~/healthz", "~/Healthz.ashx" }
    };

    protected override IDictionary<string, string> Routes { get { return pages; } }
</script>
