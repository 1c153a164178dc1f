using Agent.Configuration;

namespace Agent.Tracing;

/// <summary>
/// Looks every few seconds whether agent.json has changed, if there was one at start. What decides which requests are traced takes effect at
/// once; everything else at the next start. Compares what is in the file, not its time: in Kubernetes it is behind two links.
/// </summary>
static class SettingsWatch
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    static readonly string[] AtOnce = ["OTEL_TRACES_SAMPLER", "OTEL_TRACES_SAMPLER_ARG", "AGENT_IGNORE_PATHS"];
    static readonly Lock Gate = new();

    static string _path = "";
    static byte[] _content = [];
    static Settings? _settings;
    static Timer? _timer;

    public static void Start(Settings settings)
    {
        if (!settings.HasFile || RequestSampler.Current is null)
            return;
        _settings = settings;
        _path = ConfigurationFile.PathOf(AppContext.BaseDirectory, Settings.Variable(ConfigurationFile.Variable));
        _content = Read() ?? [];
        _timer = new Timer(static _ => Look(), null, Interval, Interval);
    }

    public static void Stop() => _timer?.Dispose();

    /// <summary>Null while it cannot be read: it may just be replaced. Then everything stays as it is.</summary>
    static byte[]? Read()
    {
        try
        {
            return File.ReadAllBytes(_path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    static void Look()
    {
        if (!Gate.TryEnter())
            return; // the last look is not over
        try
        {
            if (Read() is not { } content || content.AsSpan().SequenceEqual(_content))
                return;
            _content = content;
            var problems = new List<string>();
            var file = ConfigurationFile.Parse(content, _path, problems, otherwise: "nothing changes");
            if (file.Count == 0 && problems.Count > 0)
                problems.ForEach(Log.Warn);
            else
                Change(new Settings(Settings.Variable, file, problems));
        }
        catch (Exception e)
        {
            _timer?.Dispose();
            Log.Error($"changes of {_path} are not followed any more: {e}");
        }
        finally
        {
            Gate.Exit();
        }
    }

    static void Change(Settings settings)
    {
        foreach (var problem in settings.Problems)
            Log.Warn(problem);
        var (now, later) = (new List<string>(), new List<string>());
        foreach (var name in Names(settings, _settings!))
        {
            if (settings.Raw(name) == _settings!.Raw(name))
                continue;
            if (Array.IndexOf(AtOnce, name) >= 0)
                now.Add($"{name}={settings.Raw(name)}");
            else
                later.Add(name);
        }
        _settings = settings;
        RequestSampler.Current!.Change(settings);
        Log.Info($"{_path} has changed{(now.Count > 0 ? $", from now on {string.Join(", ", now)}" : "")}{(later.Count > 0 ? $"; {string.Join(", ", later)} at the next start" : "")}.");
    }

    static SortedSet<string> Names(params Settings[] all)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var settings in all)
            names.UnionWith(settings.NamesInFile);
        return names;
    }
}
