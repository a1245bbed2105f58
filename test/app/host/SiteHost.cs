using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Threading;
using System.Web;
using System.Web.Hosting;

/// <summary>
/// Serves one ASP.NET site on the loopback address, for tests: SiteHost.exe FOLDER PORT. The folder
/// must hold this program in bin/. It stands in for xsp4, whose Debian package does not start with
/// Mono 6.8 and later (mono/mono issue 18500).
/// </summary>
public class SiteHost : MarshalByRefObject
{
    private HttpListener listener;

    public static int Main(string[] arguments)
    {
        var host = (SiteHost)ApplicationHost.CreateApplicationHost(typeof(SiteHost), "/", arguments[0]);
        host.Start(int.Parse(arguments[1]));
        Console.WriteLine("listening");
        // Ends with the test that started it, even one that was killed.
        Console.In.ReadToEnd();
        return 0;
    }

    public override object InitializeLifetimeService()
    {
        return null;
    }

    public void Start(int port)
    {
        listener = new HttpListener();
        listener.Prefixes.Add("http://127.0.0.1:" + port + "/");
        listener.Start();
        new Thread(Accept) { IsBackground = true }.Start();
    }

    private void Accept()
    {
        while (true)
        {
            var context = listener.GetContext();
            ThreadPool.QueueUserWorkItem(_ => HttpRuntime.ProcessRequest(new ListenerRequest(context)));
        }
    }
}

/// <summary>A listener's request as ASP.NET takes it.</summary>
public class ListenerRequest : SimpleWorkerRequest
{
    private readonly HttpListenerContext context;
    private readonly byte[] body;

    public ListenerRequest(HttpListenerContext context)
        : base(context.Request.Url.AbsolutePath.TrimStart('/'), context.Request.Url.Query.TrimStart('?'), TextWriter.Null)
    {
        this.context = context;
        using (var copy = new MemoryStream())
        {
            context.Request.InputStream.CopyTo(copy);
            body = copy.ToArray();
        }
    }

    public override string GetHttpVerbName() { return context.Request.HttpMethod; }

    public override string GetUriPath() { return context.Request.Url.AbsolutePath; }

    public override string GetFilePath() { return context.Request.Url.AbsolutePath; }

    public override string GetPathInfo() { return ""; }

    public override string GetRawUrl() { return context.Request.RawUrl; }

    public override string GetQueryString() { return context.Request.Url.Query.TrimStart('?'); }

    public override int GetLocalPort() { return context.Request.LocalEndPoint.Port; }

    public override string GetServerName() { return "127.0.0.1"; }

    public override string GetKnownRequestHeader(int index)
    {
        return context.Request.Headers[GetKnownRequestHeaderName(index)];
    }

    public override string GetUnknownRequestHeader(string name) { return context.Request.Headers[name]; }

    public override string[][] GetUnknownRequestHeaders()
    {
        return context.Request.Headers.AllKeys
            .Where(name => GetKnownRequestHeaderIndex(name) < 0)
            .Select(name => new[] { name, context.Request.Headers[name] })
            .ToArray();
    }

    public override byte[] GetPreloadedEntityBody() { return body; }

    public override bool IsEntireEntityBodyIsPreloaded() { return true; }

    public override void SendStatus(int code, string description)
    {
        context.Response.StatusCode = code;
        context.Response.StatusDescription = description;
    }

    public override void SendKnownResponseHeader(int index, string value)
    {
        SendUnknownResponseHeader(GetKnownResponseHeaderName(index), value);
    }

    public override void SendUnknownResponseHeader(string name, string value)
    {
        if (name == "Content-Length") context.Response.ContentLength64 = long.Parse(value);
        else if (name != "Transfer-Encoding") context.Response.AppendHeader(name, value);
    }

    public override void SendResponseFromMemory(byte[] data, int length)
    {
        context.Response.OutputStream.Write(data, 0, length);
    }

    public override void SendResponseFromFile(string name, long offset, long length)
    {
        using (var file = File.OpenRead(name)) file.CopyTo(context.Response.OutputStream);
    }

    public override void FlushResponse(bool last)
    {
        if (last) context.Response.Close();
    }

    public override void EndOfRequest() { }
}
