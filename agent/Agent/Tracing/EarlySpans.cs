using System.Diagnostics;
using OpenTelemetry.Trace;

namespace Agent.Tracing;

/// <summary>
/// Spans of the framework's and of libraries' own sources that begin while the agent's start goes on beside the app: a call for settings in the first line
/// of Main, say. They wait for its end and are recorded. The agent's own spans wait by themselves.
/// </summary>
static class EarlySpans
{
    static ActivityListener? s_listener;
    static volatile ActivityListener? s_provider;

    /// <summary>Before Main, and before the thread is started that ends with <see cref="End"/>.</summary>
    public static void Listen(Settings settings)
    {
        var heard = new Lazy<SourceNames>(() => new SourceNames(TracerProviderSetup.Sources(settings)));
        s_listener = new ActivityListener
        {
            // Requests come when the app's pipeline is built, which waits; the source without a name is there before there are any of libraries.
            ShouldListenTo = source => source.Name is not (Names.ServerSource or "") && !Names.IsOwnSource(source.Name) && heard.Value.Contain(source.Name),
            Sample = Await,
        };
        ActivitySource.AddActivityListener(s_listener);
    }

    /// <summary>There is a provider, which hears what begins from now on.</summary>
    public static void HeardBy(TracerProvider provider) => s_provider = SdkInternals.Listener(provider);

    /// <summary>The start has come to its end, whether or not there is a provider.</summary>
    public static void End() => s_listener?.Dispose();

    /// <summary>
    /// A span that is being created is offered to those who heard its source when that began, and its beginning and end are told to those who do by then. So
    /// after the wait the provider is asked here.
    /// </summary>
    static ActivitySamplingResult Await(ref ActivityCreationOptions<ActivityContext> options)
    {
        if (s_provider is not null || !AgentProcess.WaitUntilTracing() || s_provider?.Sample is not { } sample)
            return ActivitySamplingResult.None;
        Startup.Adopt(ref options);
        return sample(ref options);
    }
}
