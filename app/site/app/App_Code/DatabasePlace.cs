using System;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

/// <summary>Where a database answers from; SQL Server itself knows nothing of regions and zones.</summary>
public static class DatabasePlace
{
    /// <summary>name.id.us-east-1.rds.amazonaws.com names its region; empty for other names.</summary>
    public static string Region(string endpoint)
    {
        var match = Regex.Match(endpoint, @"\.([a-z]{2}(?:-[a-z]+)+-\d)\.rds\.");
        return match.Success ? match.Groups[1].Value : "";
    }

    /// <summary>
    /// The zone whose subnet holds an address, by a list such as
    /// "10.10.40.0/21=us-east-1a;10.10.104.0/21=us-east-1b"; empty if none does.
    /// </summary>
    public static string Zone(string subnets, string address)
    {
        return subnets
            .Split(new[] { ';' }, StringSplitOptions.RemoveEmptyEntries)
            .Select(entry => entry.Split('='))
            .Where(pair => pair.Length == 2 && Contains(pair[0].Trim(), address))
            .Select(pair => pair[1].Trim())
            .FirstOrDefault() ?? "";
    }

    private static bool Contains(string block, string address)
    {
        var parts = block.Split('/');
        uint network, host;
        int length;
        if (parts.Length != 2 || !TryNumber(parts[0], out network) || !TryNumber(address, out host)) return false;
        if (!int.TryParse(parts[1], out length) || length < 0 || length > 32) return false;
        // C# shifts by the count modulo 32: a shift by 32 would leave the mask full.
        var mask = length == 0 ? 0u : uint.MaxValue << (32 - length);
        return (network & mask) == (host & mask);
    }

    private static bool TryNumber(string text, out uint number)
    {
        IPAddress address;
        number = 0;
        if (!IPAddress.TryParse(text, out address)) return false;
        if (address.AddressFamily != AddressFamily.InterNetwork) return false;
        number = address.GetAddressBytes().Aggregate(0u, (sum, part) => (sum << 8) | part);
        return true;
    }
}
