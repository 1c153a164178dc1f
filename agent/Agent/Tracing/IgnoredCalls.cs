using System.Diagnostics;
using Agent.Entry;

namespace Agent.Tracing;

/// <summary>
/// Leaves out the HTTP calls of what sends telemetry for the app, and of what AGENT_IGNORE_URLS names: they are no work of the app's. A call is judged when it
/// has ended, because the framework names its address only after its span has begun. A listener beside the provider's, because the provider may be the
/// app's (<see cref="AppSdk"/>); none where there is nothing to leave out.
/// </summary>
static class IgnoredCalls
{
    static TelemetryClient[] s_clients = [];
    static IReadOnlyList<string> s_patterns = [];

    public static void Start(Settings settings)
    {
        s_clients = [.. TelemetryClient.All.Where(static client => client.IsThere)];
        s_patterns = settings.IgnoredUrls;
        if (s_clients.Length == 0 && s_patterns.Count == 0)
            return;
        OwnListeners.Add(new ActivityListener
        {
            ShouldListenTo = static source => source.Name == "System.Net.Http",
            ActivityStopped = static activity =>
            {
                if (activity.IsAllDataRequested && activity.GetTagItem(Names.UrlFull) is string url && IsIgnored(url, s_clients, s_patterns))
                    Unrecorded.Make(activity);
            },
        });
    }

    /// <summary>Whether a call of this address is left out.</summary>
    /// <param name="url">The whole address; its query is not looked at, the framework gives none.</param>
    /// <param name="clients">What sends telemetry.</param>
    /// <param name="patterns">Addresses in which * stands for any characters.</param>
    internal static bool IsIgnored(string url, TelemetryClient[] clients, IReadOnlyList<string> patterns)
    {
        var query = url.IndexOf('?', StringComparison.Ordinal);
        var address = query < 0 ? url : url.AsSpan(0, query);
        foreach (var client in clients)
        {
            if (client.SendsTo(address))
                return true;
        }
        for (var i = 0; i < patterns.Count; i++)
        {
            if (Decision.Matches(address, patterns[i]))
                return true;
        }
        return false;
    }
}
