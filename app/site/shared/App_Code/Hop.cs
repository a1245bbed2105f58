using System;
using System.Collections.Generic;
using System.Diagnostics;

/// <summary>One station of a request's way and how it fared.</summary>
public class Hop
{
    public string Tier;
    public bool Ok;
    public string Region = "";
    public string Zone = "";
    public string Server = "";
    public string Error = "";
    public long Milliseconds;

    public static Hop Here(string tier)
    {
        return new Hop
        {
            Tier = tier,
            Ok = true,
            Region = Settings.Region,
            Zone = Settings.Zone,
            Server = Environment.MachineName
        };
    }

    public static Hop Failed(string tier, string error)
    {
        return new Hop { Tier = tier, Error = error };
    }

    public Dictionary<string, object> ToJson()
    {
        var json = new Dictionary<string, object>();
        json["tier"] = Tier;
        json["ok"] = Ok;
        json["region"] = Region;
        json["zone"] = Zone;
        json["server"] = Server;
        json["milliseconds"] = Milliseconds;
        if (!Ok) json["error"] = Error;
        return json;
    }

    public static Hop FromJson(IDictionary<string, object> json)
    {
        return new Hop
        {
            Tier = Text(json, "tier"),
            Ok = json.ContainsKey("ok") && true.Equals(json["ok"]),
            Region = Text(json, "region"),
            Zone = Text(json, "zone"),
            Server = Text(json, "server"),
            Error = Text(json, "error"),
            Milliseconds = json.ContainsKey("milliseconds") && json["milliseconds"] is int
                ? (int)json["milliseconds"]
                : 0
        };
    }

    private static string Text(IDictionary<string, object> json, string key)
    {
        return json.ContainsKey(key) ? Convert.ToString(json[key]) : "";
    }
}

/// <summary>A hop's failure in words fit for anyone who sees the page; details go to the log.</summary>
public class HopException : Exception
{
    public HopException(string message) : base(message) { }

    public HopException(string message, Exception cause) : base(message, cause) { }
}

/// <summary>Windows' Application log, which the CloudWatch agent sends on.</summary>
public static class ServerLog
{
    public static void Error(string what, Exception problem)
    {
        var text = what + "\n" + problem;
        // Standard error is nowhere under IIS; a host that runs the site by itself shows it.
        Console.Error.WriteLine(text);
        try
        {
            EventLog.WriteEntry("pe-platform", text, EventLogEntryType.Error, 2000);
        }
        catch (SystemException)
        {
            // No such log or no right to it: the request still gets its answer.
        }
    }
}
