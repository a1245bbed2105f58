using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Web.Script.Serialization;

/// <summary>
/// Secrets Manager's GetSecretValue, signed (Signature Version 4) with the instance's role. A site
/// that is plain source carries no AWS SDK, and this is all it would use of one.
/// </summary>
public static class SecretsManager
{
    private const string Service = "secretsmanager";
    private const int TimeoutMilliseconds = 5000;

    /// <exception cref="HopException">No secret is configured or it cannot be read.</exception>
    public static string GetSecretText(string secretArn, string region)
    {
        if (secretArn == "") throw new HopException("its secret (setting databaseSecretArn) is not configured");
        var json = new JavaScriptSerializer();
        var body = json.Serialize(new Dictionary<string, string> { { "SecretId", secretArn } });
        var answer = Send(Endpoint(region), body, region, InstanceRole.Credentials());
        object text;
        if (!json.Deserialize<Dictionary<string, object>>(answer).TryGetValue("SecretString", out text))
            throw new HopException("its secret holds no text");
        return (string)text;
    }

    private static Uri Endpoint(string region)
    {
        return Settings.Get("secretsManagerEndpoint") == ""
            ? new Uri("https://secretsmanager." + region + ".amazonaws.com/")
            : Settings.RequireAddress("secretsManagerEndpoint");
    }

    private static string Send(Uri endpoint, string body, string region, AwsCredentials credentials)
    {
        var payload = Encoding.UTF8.GetBytes(body);
        var headers = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            { "content-type", "application/x-amz-json-1.1" },
            { "host", endpoint.Authority },
            { "x-amz-date", DateTime.UtcNow.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture) },
            { "x-amz-security-token", credentials.Token },
            { "x-amz-target", "secretsmanager.GetSecretValue" }
        };
        var request = (HttpWebRequest)WebRequest.Create(endpoint);
        request.Method = "POST";
        request.Proxy = null;
        request.Timeout = TimeoutMilliseconds;
        request.AllowAutoRedirect = false;
        request.ServicePoint.Expect100Continue = false;
        request.ContentType = headers["content-type"];
        request.Headers["x-amz-date"] = headers["x-amz-date"];
        request.Headers["x-amz-security-token"] = headers["x-amz-security-token"];
        request.Headers["x-amz-target"] = headers["x-amz-target"];
        request.Headers["Authorization"] = Signature.Authorization(headers, payload, region, Service, credentials);
        try
        {
            using (var stream = request.GetRequestStream()) stream.Write(payload, 0, payload.Length);
            return InstanceRole.Read(request);
        }
        catch (WebException problem)
        {
            if (IsMissing(problem.Response)) throw new HopException("its secret has no value yet", problem);
            throw new HopException("Secrets Manager " + Explain(problem), problem);
        }
    }

    private static string Explain(WebException problem)
    {
        var response = problem.Response as HttpWebResponse;
        if (response != null) return "refused to give the login (HTTP " + (int)response.StatusCode + ")";
        return problem.Status == WebExceptionStatus.TrustFailure
            ? "has a certificate this server does not trust"
            : "did not answer";
    }

    /// <summary>A secret without a value is answered like one that does not exist.</summary>
    private static bool IsMissing(WebResponse response)
    {
        if (response == null) return false;
        try
        {
            using (var reader = new StreamReader(response.GetResponseStream(), Encoding.UTF8))
                return reader.ReadToEnd().Contains("ResourceNotFoundException");
        }
        catch (Exception problem)
        {
            if (problem is IOException || problem is WebException) return false;
            throw;
        }
    }
}

public class AwsCredentials
{
    public string KeyId;
    public string Secret;
    public string Token;
}

/// <summary>The role's temporary credentials from instance metadata (IMDSv2).</summary>
public static class InstanceRole
{
    /// <exception cref="HopException">The metadata service gives none.</exception>
    public static AwsCredentials Credentials()
    {
        var custom = Settings.AllowPlainHttp ? Settings.Get("metadataEndpoint") : "";
        var root = (custom == "" ? "http://169.254.169.254" : custom) + "/latest/";
        try
        {
            var token = Ask("PUT", root + "api/token", "X-aws-ec2-metadata-token-ttl-seconds", "60");
            var path = root + "meta-data/iam/security-credentials/";
            var role = Ask("GET", path, "X-aws-ec2-metadata-token", token).Trim();
            var json = new JavaScriptSerializer().Deserialize<Dictionary<string, object>>(
                Ask("GET", path + role, "X-aws-ec2-metadata-token", token));
            return new AwsCredentials
            {
                KeyId = (string)json["AccessKeyId"],
                Secret = (string)json["SecretAccessKey"],
                Token = (string)json["Token"]
            };
        }
        catch (WebException problem)
        {
            throw new HopException("the app server has no role to read the login with", problem);
        }
    }

    public static string Read(WebRequest request)
    {
        using (var response = request.GetResponse())
        using (var reader = new StreamReader(response.GetResponseStream(), Encoding.UTF8))
            return reader.ReadToEnd();
    }

    private static string Ask(string method, string address, string header, string value)
    {
        var request = (HttpWebRequest)WebRequest.Create(address);
        request.Method = method;
        request.Proxy = null;
        request.Timeout = 2000;
        request.ContentLength = 0;
        request.Headers[header] = value;
        return Read(request);
    }
}

/// <summary>AWS Signature Version 4 of a POST to "/".</summary>
public static class Signature
{
    public static string Authorization(
        SortedDictionary<string, string> headers,
        byte[] payload,
        string region,
        string service,
        AwsCredentials credentials)
    {
        var time = headers["x-amz-date"];
        var date = time.Substring(0, 8);
        var scope = date + "/" + region + "/" + service + "/aws4_request";
        var signed = string.Join(";", headers.Keys);
        var canonical = new StringBuilder("POST\n/\n\n");
        foreach (var header in headers) canonical.Append(header.Key + ":" + header.Value.Trim() + "\n");
        canonical.Append("\n" + signed + "\n" + Hash(payload));
        var text = "AWS4-HMAC-SHA256\n" + time + "\n" + scope + "\n" +
            Hash(Encoding.UTF8.GetBytes(canonical.ToString()));
        var key = Encoding.UTF8.GetBytes("AWS4" + credentials.Secret);
        foreach (var part in scope.Split('/')) key = Mac(key, part);
        return "AWS4-HMAC-SHA256 Credential=" + credentials.KeyId + "/" + scope +
            ", SignedHeaders=" + signed + ", Signature=" + Hex(Mac(key, text));
    }

    private static byte[] Mac(byte[] key, string text)
    {
        using (var mac = new HMACSHA256(key)) return mac.ComputeHash(Encoding.UTF8.GetBytes(text));
    }

    private static string Hash(byte[] data)
    {
        using (var hash = SHA256.Create()) return Hex(hash.ComputeHash(data));
    }

    private static string Hex(byte[] data)
    {
        return BitConverter.ToString(data).Replace("-", "").ToLowerInvariant();
    }
}
