using System;
using System.Data.SqlClient;
using System.Diagnostics;
using System.Globalization;

/// <summary>The last hop: SQL Server, over verified TLS, as the login kept in Secrets Manager.</summary>
public static class Database
{
    private const int LoginFailed = 18456;

    /// <summary>Asks the database who it is. Never throws; a failure is the hop's.</summary>
    public static Hop Ask()
    {
        var watch = Stopwatch.StartNew();
        Hop hop;
        try
        {
            var login = DatabaseLogin.Get(false);
            try
            {
                hop = Ask(login);
            }
            catch (SqlException problem)
            {
                if (problem.Number != LoginFailed) throw;
                // The password may have been rotated since it was read. The same one is not tried
                // again: SQL Server locks a login out after some.
                var renewed = DatabaseLogin.Get(true);
                if (renewed.Password == login.Password) throw;
                hop = Ask(renewed);
            }
        }
        catch (HopException problem)
        {
            ServerLog.Error("The database hop failed", problem);
            hop = Hop.Failed("database", problem.Message);
        }
        catch (SqlException problem)
        {
            ServerLog.Error("The database hop failed", problem);
            hop = Hop.Failed("database", Explain(problem));
        }
        catch (Exception problem)
        {
            ServerLog.Error("The database hop failed", problem);
            hop = Hop.Failed("database", "an unexpected failure; the app server's log has it");
        }
        hop.Milliseconds = watch.ElapsedMilliseconds;
        return hop;
    }

    private static Hop Ask(DatabaseLogin login)
    {
        // The address this connection reached tells which zone serves: the standby is another one.
        const string question =
            "SELECT CAST(@@SERVERNAME AS nvarchar(128)), " +
            "CAST(CONNECTIONPROPERTY('local_net_address') AS nvarchar(48))";
        using (var connection = new SqlConnection(ConnectionString(login)))
        {
            connection.Open();
            using (var command = new SqlCommand(question, connection) { CommandTimeout = 5 })
            using (var reader = command.ExecuteReader())
            {
                reader.Read();
                return new Hop
                {
                    Tier = "database",
                    Ok = true,
                    Region = DatabasePlace.Region(login.Host),
                    Zone = DatabasePlace.Zone(
                        Settings.Get("databaseSubnets"),
                        reader.IsDBNull(1) ? "" : reader.GetString(1)),
                    Server = reader.GetString(0)
                };
            }
        }
    }

    private static string ConnectionString(DatabaseLogin login)
    {
        return new SqlConnectionStringBuilder
        {
            DataSource = "tcp:" + login.Host + "," + login.Port.ToString(CultureInfo.InvariantCulture),
            InitialCatalog = login.Database,
            UserID = login.Username,
            Password = login.Password,
            Encrypt = true,
            TrustServerCertificate = false,
            // Multi-AZ: both nodes are tried at once, so a fail-over costs seconds.
            MultiSubnetFailover = true,
            ConnectTimeout = 5,
            ApplicationName = "pe-platform app tier"
        }.ConnectionString;
    }

    private static string Explain(SqlException problem)
    {
        switch (problem.Number)
        {
            case LoginFailed: return "SQL Server refused the login";
            case 4060: return "SQL Server has no such database, or the login may not open it";
            case -2: return "SQL Server did not answer in time";
            case -2146893019: return "SQL Server's certificate is not trusted by this server";
            default:
                return problem.Class >= 20
                    ? "SQL Server could not be reached"
                    : "SQL Server reported error " + problem.Number.ToString(CultureInfo.InvariantCulture);
        }
    }
}
