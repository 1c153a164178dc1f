using System.Diagnostics;
using OpenTelemetry;

namespace Agent.Tracing;

/// <summary>
/// Takes from the framework's server span what .NET 11 sets there by itself and this agent promises not to record: the query with its values, and the
/// address of the client. A processor of the agent's own provider, the first one: where the app's provider has taken over, the framework's span is what
/// it is without us, and whoever asks the running span finds what the framework has set.
/// </summary>
sealed class ClientData : BaseProcessor<Activity>
{
    /// <summary>HostingApplicationDiagnostics.CreateInitializeActivityTags and SetActivityEndTags of 11.0.0.</summary>
    static readonly string[] Attributes = ["url.query", "client.address", Names.PeerAddress, "network.peer.port"];

    /// <summary>Whether the framework sets any of it.</summary>
    public static bool IsThere => Environment.Version.Major >= 11;

    public override void OnEnd(Activity data)
    {
        if (data.Kind != ActivityKind.Server || data.Source.Name != Names.ServerSource)
            return;
        foreach (var attribute in Attributes)
            data.SetTag(attribute, null);
    }
}
