using System.Globalization;

namespace Agent.Viewer;

/// <summary>Finds out which process listens at a port: on Linux, among the processes that one may look into.</summary>
static class PortOwner
{
    /// <summary><c> by dotnet (process 4711)</c>, or nothing if it cannot be known.</summary>
    public static string Of(int port)
    {
        try
        {
            var sockets = Sockets(port);
            foreach (var folder in sockets.Count > 0 ? Directory.EnumerateDirectories("/proc") : [])
            {
                if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && Holds(folder, sockets))
                    return string.Create(CultureInfo.InvariantCulture, $" by {File.ReadAllText(Path.Combine(folder, "comm")).Trim()} (process {id})");
            }
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            // A process that ends just now, or no /proc.
        }

        return "";
    }

    // What the descriptors of a listening socket link to. Columns: address:port in hexadecimal is the second, the state (0A listens) the fourth, the inode the tenth.
    static HashSet<string> Sockets(int port)
    {
        var sockets = new HashSet<string>();
        var suffix = string.Create(CultureInfo.InvariantCulture, $":{port:X4}");
        foreach (var table in (string[])["/proc/net/tcp", "/proc/net/tcp6"])
        {
            foreach (var line in File.Exists(table) ? File.ReadLines(table) : [])
            {
                var columns = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (columns.Length > 9 && columns[1].EndsWith(suffix, StringComparison.Ordinal) && columns[3] == "0A")
                    sockets.Add($"socket:[{columns[9]}]");
            }
        }

        return sockets;
    }

    static bool Holds(string process, HashSet<string> sockets)
    {
        try
        {
            return Directory.EnumerateFiles(Path.Combine(process, "fd")).Any(file => new FileInfo(file).LinkTarget is { } target && sockets.Contains(target));
        }
        catch (Exception notOurs) when (notOurs is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
