using System.Collections;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;

namespace Agent.Tracing;

/// <summary>
/// A tracer provider that the app had before the agent was attached. What it hears was settled when it was built, so it hears the agent's sources through a second listener that calls
/// its own; nothing of it is changed, and when the agent is detached that listener goes.
/// </summary>
/// <param name="listener">The provider's own.</param>
/// <param name="provider">The provider, of the app's OpenTelemetry.</param>
sealed class AppProviders(ActivityListener listener, object provider)
{
    const BindingFlags Inside = BindingFlags.Instance | BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public;
    const string ProviderType = "OpenTelemetry.Trace.TracerProviderSdk";

    readonly ConcurrentDictionary<string, bool> _heard = new(StringComparer.Ordinal);

    /// <summary>The provider, of the app's OpenTelemetry.</summary>
    public object Provider => provider;

    /// <summary>Whether it sends what it hears: one without processors does not.</summary>
    public bool Sends => provider.GetType().GetProperty("Processor", Inside)?.GetValue(provider) is not null;

    /// <summary>A new source is shown to every listener, also to those that would ask here again.</summary>
    [ThreadStatic]
    static bool t_isAsking;

    /// <summary>Whether the app has said itself that it wants to hear a source.</summary>
    public bool Hears(string source)
    {
        if (_heard.TryGetValue(source, out var isHeard) || t_isAsking)
            return isHeard;
        t_isAsking = true;
        try
        {
            using var asked = new ActivitySource(source);
            return _heard[source] = listener.ShouldListenTo?.Invoke(asked) == true;
        }
        finally
        {
            t_isAsking = false;
        }
    }

    /// <summary>It also hears these sources until the agent is detached.</summary>
    public void Hear(SourceNames sources) => OwnListeners.Add(new ActivityListener
    {
        ShouldListenTo = source => sources.Contain(source.Name) && listener.ShouldListenTo?.Invoke(source) != true,
        Sample = listener.Sample,
        SampleUsingParentId = listener.SampleUsingParentId,
        ActivityStarted = listener.ActivityStarted,
        ActivityStopped = listener.ActivityStopped,
        ExceptionRecorder = listener.ExceptionRecorder,
    });

    /// <summary>Those that there are. Found by the listeners that the framework knows; none where it keeps them in a way that is not known here.</summary>
    public static List<AppProviders> Find()
    {
        var found = new List<AppProviders>();
        var all = typeof(ActivitySource).GetField("s_allListeners", Inside)?.GetValue(null);
        var listeners = all?.GetType().GetFields(Inside).Select(field => field.GetValue(all)).OfType<IEnumerable>().OfType<IEnumerable<ActivityListener>>().FirstOrDefault() ?? [];
        foreach (var listener in listeners.ToArray())
        {
            if (listener is not null && ProviderOf(listener.ActivityStopped?.Target, depth: 2) is { } provider && !found.Exists(other => other.Provider == provider))
                found.Add(new AppProviders(listener, provider));
        }
        return found;
    }

    /// <summary>What a listener's delegate is of: the provider, or a closure in it.</summary>
    static object? ProviderOf(object? target, int depth)
    {
        if (target is null || target.GetType() is not { FullName: { } name } type || !name.StartsWith(ProviderType, StringComparison.Ordinal) || type.Assembly == typeof(OpenTelemetry.Sdk).Assembly)
            return null;
        if (name == ProviderType)
            return target;
        return depth == 0 ? null : type.GetFields(Inside).Select(field => ProviderOf(field.GetValue(target), depth - 1)).FirstOrDefault(inner => inner is not null);
    }
}
