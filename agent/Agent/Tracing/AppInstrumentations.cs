using System.Collections.Concurrent;
using System.Diagnostics;
using Agent.Instrumentations;

namespace Agent.Tracing;

/// <summary>
/// Instrumentation packages that the app has set up in an OpenTelemetry of its own. What they make spans of gets none from the agent: the
/// app's authors have configured theirs. Not where both send their spans (AGENT_APP_SDK=separate): there the app's are not the agent's.
/// </summary>
static class AppInstrumentations
{
    static readonly ConcurrentDictionary<string, ActivitySource> Sources = new();

    /// <summary>A listener that hears nothing and only learns which sources there are.</summary>
    public static void Start() => OwnListeners.Add(new ActivityListener
    {
        ShouldListenTo = static source =>
        {
            if (Libraries.All.Any(library => library.AppsSource == source.Name))
                Sources[source.Name] = source;
            return false;
        },
    });

    /// <summary>Whether one of them makes the spans of a library.</summary>
    public static bool Make(Library library) =>
        library.AppsSource is { } name && Sources.TryGetValue(name, out var source) && source.HasListeners() && AreJoined;

    /// <summary>Whether one of them has made this span, of a database command.</summary>
    public static bool HaveMade(Activity activity) => activity.Kind == ActivityKind.Client && AreJoined
        && (activity.GetTagItem(Names.DbSystem) ?? activity.GetTagItem("db.system")) is not null && Libraries.WithSource(activity.Source.Name) is null;

    /// <summary>Whether what the app's OpenTelemetry records goes where the agent's spans go.</summary>
    public static bool AreJoined => Settings.Current.AppSdk != AppSdkMode.Separate || !AppSdk.IsThere;
}
