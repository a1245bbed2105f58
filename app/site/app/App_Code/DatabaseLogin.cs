using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Web.Script.Serialization;

/// <summary>
/// Where the database is and who logs in, from the application's secret {host, port, dbname,
/// username, password}, which is rotated. Servers may be up before the secret has a value.
/// </summary>
public class DatabaseLogin
{
    /// <summary>How long a login is used without asking again.</summary>
    private static readonly TimeSpan freshFor = TimeSpan.FromMinutes(5);

    /// <summary>How long after an answer, good or bad, the secret is left alone.</summary>
    private static readonly TimeSpan pause = TimeSpan.FromSeconds(2);

    private static readonly object gate = new object();
    private static DatabaseLogin known;
    private static HopException lastProblem;
    private static DateTime asked = DateTime.MinValue;

    public string Host { get; private set; }

    public int Port { get; private set; }

    public string Database { get; private set; }

    public string Username { get; private set; }

    public string Password { get; private set; }

    /// <summary>The login; with <paramref name="renew"/> read again, after a refused one.</summary>
    /// <exception cref="HopException">The secret cannot be read.</exception>
    public static DatabaseLogin Get(bool renew)
    {
        lock (gate)
        {
            var age = DateTime.UtcNow - asked;
            var enough = known != null && !renew ? freshFor : pause;
            if (age > enough) Renew();
            if (known == null) throw new HopException(lastProblem.Message, lastProblem);
            return known;
        }
    }

    private static void Renew()
    {
        asked = DateTime.UtcNow;
        try
        {
            known = Parse(SecretsManager.GetSecretText(Settings.Get("databaseSecretArn"), Settings.Region));
        }
        catch (HopException problem)
        {
            // A login read before stays in use: Secrets Manager's outage is not the database's.
            lastProblem = problem;
        }
    }

    private static DatabaseLogin Parse(string text)
    {
        var json = Read(text);
        var lacking = new[] { "host", "port", "dbname", "username", "password" }
            .Where(key => Text(json, key) == "")
            .ToArray();
        if (lacking.Length > 0) throw new HopException("its secret lacks " + string.Join(", ", lacking));
        int port;
        if (!int.TryParse(Text(json, "port"), NumberStyles.None, CultureInfo.InvariantCulture, out port))
            throw new HopException("its secret has a port that is no number");
        return new DatabaseLogin
        {
            Host = Text(json, "host"),
            Port = port,
            Database = Text(json, "dbname"),
            Username = Text(json, "username"),
            Password = Text(json, "password")
        };
    }

    private static Dictionary<string, object> Read(string text)
    {
        try
        {
            var json = new JavaScriptSerializer().Deserialize<Dictionary<string, object>>(text);
            if (json != null) return json;
        }
        catch (ArgumentException)
        {
            // Not passed on: its message may quote the secret.
        }
        catch (InvalidOperationException)
        {
        }
        throw new HopException("its secret is not JSON");
    }

    /// <summary>A value as text; RDS writes the port as a number, people often as text.</summary>
    private static string Text(Dictionary<string, object> json, string key)
    {
        object value;
        return json.TryGetValue(key, out value) && (value is string || value is int)
            ? Convert.ToString(value, CultureInfo.InvariantCulture)
            : "";
    }
}
