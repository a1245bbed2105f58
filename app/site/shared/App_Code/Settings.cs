using System;
using System.Configuration;

/// <summary>What the bootstrap wrote to platform.config; empty text where it wrote nothing.</summary>
public static class Settings
{
    public static string Get(string key)
    {
        return ConfigurationManager.AppSettings[key] ?? "";
    }

    public static string Region { get { return Get("region"); } }

    public static string Zone { get { return Get("zone"); } }

    /// <summary>True in tests on one machine only: hops without TLS.</summary>
    public static bool AllowPlainHttp { get { return Get("allowPlainHttp") == "true"; } }

    /// <exception cref="HopException">The setting is absent, or an address without TLS.</exception>
    public static Uri RequireAddress(string key)
    {
        Uri address;
        if (!Uri.TryCreate(Get(key), UriKind.Absolute, out address))
            throw new HopException("its address (setting " + key + ") is not configured");
        if (address.Scheme != Uri.UriSchemeHttps && !AllowPlainHttp)
            throw new HopException("its address (setting " + key + ") is not https");
        return address;
    }
}
