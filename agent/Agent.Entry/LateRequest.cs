using System;
using System.Collections.Generic;
using System.Linq;

namespace Agent.Entry;

/// <summary>
/// What `agent attach` and `agent detach` ask of a process that runs, and what it answers: a variable of that process's, set through its diagnostics port before
/// the port is told to run the hook, which finds an answer in its place. The runtime keeps variables set so apart from those of the C library.
/// </summary>
internal sealed class LateRequest
{
    /// <summary>The variable. It is there for the moment only.</summary>
    public const string Variable = "AGENT_REQUEST";

    /// <summary>Where the agent that runs in a process hears requests (a Func of string and string).</summary>
    public const string Listener = "Agent.Request";

    /// <summary>What is asked for.</summary>
    public const string Attach = "attach", Detach = "detach";

    /// <summary>The first word of an answer: it is done, it was so before, it is not done. A sentence follows, or nothing.</summary>
    public const string Done = "done", Already = "already", Refused = "refused";

    const string For = "for=";

    public LateRequest(string verb, IReadOnlyDictionary<string, string> settings, TimeSpan? duration = null)
    {
        Verb = verb;
        Settings = settings;
        Duration = duration;
    }

    /// <summary><see cref="Attach"/> or <see cref="Detach"/>.</summary>
    public string Verb { get; }

    /// <summary>Settings that count before those of the environment, by their names.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; }

    /// <summary>After how long the agent detaches by itself; null for never.</summary>
    public TimeSpan? Duration { get; }

    /// <summary>Lines: what is asked for, then what goes with it.</summary>
    public override string ToString() => string.Join("\n", new[] { Verb }
        .Concat(Duration is { } duration ? new[] { For + (long)duration.TotalMilliseconds } : Array.Empty<string>())
        .Concat(Settings.Select(setting => setting.Key + "=" + setting.Value)));

    /// <summary>The reverse of <see cref="ToString"/>.</summary>
    public static LateRequest Parse(string text)
    {
        var lines = text.Split('\n');
        var settings = new Dictionary<string, string>();
        TimeSpan? duration = null;
        foreach (var line in lines.Skip(1))
        {
            if (line.StartsWith(For, StringComparison.Ordinal))
                duration = TimeSpan.FromMilliseconds(long.Parse(line.Substring(For.Length), System.Globalization.CultureInfo.InvariantCulture));
            else if (line.IndexOf('=') is var at && at > 0)
                settings[line.Substring(0, at)] = line.Substring(at + 1);
        }
        return new LateRequest(lines[0], settings, duration);
    }
}
