using System.Collections.Concurrent;
using System.Reflection;

namespace Agent.Diagnosis;

/// <summary>What there is to know about the agent in this process, gathered as it happens and put together when somebody wants it.</summary>
static class AgentStatus
{
    const int MostLines = 100;

    static readonly Queue<string> Lines = new();
    static readonly List<string> Refused = [];

    /// <summary>By itself, because its methods would have to be compiled at every start, and nearly nobody wants to know.</summary>
    static class HeardSources
    {
        public static readonly ConcurrentDictionary<string, long> Counts = new();
    }

    static bool _isForFile;

    /// <summary>Whether anybody wants it: before that, spans are not counted by their sources.</summary>
    public static bool IsWanted { get; private set; }

    /// <summary>Whether methods can be patched: null if so, else why not. Empty while that is not known.</summary>
    public static string? EngineProblem { get; set; } = "";

    /// <summary>The sources that the provider listens to, but for what plugins add.</summary>
    public static IReadOnlyList<string> Listened { get; set; } = [];

    /// <summary>The assemblies of the plugins.</summary>
    public static IReadOnlyList<string> Plugins { get; set; } = [];

    /// <summary>The last lines that were said, whatever the level but debug.</summary>
    public static string[] Said
    {
        get
        {
            lock (Lines)
                return [.. Lines];
        }
    }

    /// <summary>What the patch engine has reported: patches that stay off or have failed, with the reason.</summary>
    public static string[] PatchProblems
    {
        get
        {
            lock (Refused)
                return [.. Refused];
        }
    }

    /// <summary>What has become of the spans, by exporter.</summary>
    public static IReadOnlyList<ExportCount> Exporters { get; set; } = [];

    /// <summary>How many spans were heard from which source.</summary>
    public static IReadOnlyDictionary<string, long> Heard => HeardSources.Counts;

    public static void Start(Settings settings)
    {
        _isForFile = settings.StatusFile is not null;
        IsWanted = _isForFile || settings.LogLevel == LogLevel.Debug;
        if (_isForFile)
            StatusFile.Start(settings.StatusFile!);
    }

    /// <summary>The agent is detached.</summary>
    public static void Stop()
    {
        if (_isForFile)
            StatusFile.Stop();
        _isForFile = false;
    }

    /// <summary>Somebody wants it, from now on.</summary>
    public static void Want() => IsWanted = true;

    /// <summary>The process ends.</summary>
    public static void End()
    {
        if (_isForFile)
            StatusFile.Write();
        if (Log.Level != LogLevel.Debug)
            return;
        try
        {
            if (UnheardSources.Find() is { Length: > 0 } unheard)
                Log.Debug($"nobody listens to these activity sources; OTEL_DOTNET_AUTO_TRACES_ADDITIONAL_SOURCES={string.Join(',', unheard)} brings their spans");
            Log.Debug($"status {StatusDocument.Write()}");
        }
        catch (Exception e)
        {
            Log.Error($"the status cannot be written: {e}"); // whatever it is, the app's end is not ours to change
        }
    }

    /// <summary>A line was said.</summary>
    public static void Say(string line)
    {
        lock (Lines)
        {
            Lines.Enqueue(line);
            if (Lines.Count > MostLines)
                Lines.Dequeue();
        }
    }

    /// <summary>The patch engine has something to report.</summary>
    public static void Report(string problem)
    {
        Note(problem);
        Log.Error(problem);
    }

    /// <summary>
    /// A patch does not fit an assembly. Of a package that is a matter of its version, of which there are many, and nobody can do anything about it: so
    /// only the status and the debug log have it. Of the framework it is a matter of ours.
    /// </summary>
    public static void ReportMissing(Assembly assembly, string problem)
    {
        if (assembly.GetName().Name is { } name && Framework.Any(name.StartsWith))
        {
            Report(problem);
            return;
        }
        Note(problem);
        Log.Debug(problem);
    }

    static readonly string[] Framework = ["Microsoft.AspNetCore.", "Microsoft.Extensions.", "Microsoft.JSInterop", "System."];

    static void Note(string problem)
    {
        lock (Refused)
        {
            if (Refused.Count < MostLines)
                Refused.Add(problem);
        }
    }

    /// <summary>A span was heard.</summary>
    public static void Hear(string source) => HeardSources.Counts.AddOrUpdate(source.Length > 0 ? source : "(none)", 1, static (_, count) => count + 1);
}
