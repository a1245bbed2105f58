using System;
using System.Collections.Generic;
using System.Web.Script.Serialization;

/// <summary>The database login, from the secret {username, password} that RDS keeps and rotates.</summary>
public class DatabaseLogin
{
    /// <summary>How long a login is used without asking again.</summary>
    private static readonly TimeSpan freshFor = TimeSpan.FromMinutes(5);

    /// <summary>How long after an answer, good or bad, the secret is left alone.</summary>
    private static readonly TimeSpan pause = TimeSpan.FromSeconds(10);

    private static readonly object gate = new object();
    private static DatabaseLogin known;
    private static HopException lastProblem;
    private static DateTime asked = DateTime.MinValue;

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
        try
        {
            var json = new JavaScriptSerializer().Deserialize<Dictionary<string, object>>(text);
            return new DatabaseLogin
            {
                Username = (string)json["username"],
                Password = (string)json["password"]
            };
        }
        catch (Exception problem)
        {
            if (problem is OutOfMemoryException) throw;
            // Not the cause itself: its message may quote the secret.
            throw new HopException("its secret is not JSON with username and password");
        }
    }
}
