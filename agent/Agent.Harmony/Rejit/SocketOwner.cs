namespace HarmonyLib.Rejit;

/// <summary>Whose a socket with a name in a folder is, as Linux tells in files below /proc.</summary>
static class SocketOwner
{
    /// <summary>Whether a process has a socket of that name open. False where that cannot be seen, as of another user's process.</summary>
    /// <param name="process">Its id, or self.</param>
    /// <param name="path">The name, as the process sees folders.</param>
    public static bool Has(string process, string path)
    {
        try
        {
            return File.ReadLines($"/proc/{process}/net/unix").Any(line => line.EndsWith(" " + path, StringComparison.Ordinal)
                && line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, _, _, _, _, _, var inode, ..] && IsOpen($"socket:[{inode}]"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }

        bool IsOpen(string socket) => Directory.EnumerateFileSystemEntries($"/proc/{process}/fd").Any(file => new FileInfo(file).LinkTarget == socket);
    }
}
