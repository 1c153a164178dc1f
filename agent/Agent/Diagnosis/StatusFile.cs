namespace Agent.Diagnosis;

/// <summary>
/// AGENT_STATUS_FILE: the status of a running process, to be read by anybody who may read the file. Written a few seconds after something has
/// changed, and at the end; whole, by renaming, so that a reader never sees half of it.
/// </summary>
static class StatusFile
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    static readonly Lock Gate = new();

    static string _path = "";
    static string _written = "";
    static Timer? _timer;
    static bool _hasFailed;

    /// <param name="path">Where; {pid} stands for the process's id.</param>
    public static void Start(string path)
    {
        _path = Path.Combine(AppContext.BaseDirectory, path.Replace("{pid}", $"{Environment.ProcessId}", StringComparison.Ordinal));
        _timer = new Timer(static _ => Write(), null, Interval, Interval);
    }

    /// <summary>Writes it a last time.</summary>
    public static void Stop()
    {
        _timer?.Dispose();
        Write();
    }

    public static void Write()
    {
        lock (Gate)
        {
            try
            {
                var status = StatusDocument.Write();
                if (_hasFailed || status == _written)
                    return;
                File.WriteAllText(_path + ".new", status + "\n");
                File.Move(_path + ".new", _path, overwrite: true);
                _written = status;
            }
            catch (Exception e)
            {
                _hasFailed = true;
                _timer?.Dispose();
                Log.Error($"the status cannot be written to {_path} ({e.GetType().Name}: {e.Message.TrimEnd('.')}); it is not tried again.");
            }
        }
    }
}
