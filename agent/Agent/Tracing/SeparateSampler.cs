using System.Diagnostics;
using OpenTelemetry.Trace;

namespace Agent.Tracing;

/// <summary>
/// For AGENT_APP_SDK=separate: once the app has a provider of its own, the agent asks for the data of spans without marking them as sampled. The
/// mark belongs to the span, and the app's own exporter would send what its sampler has left out. Below a span of this process, what is
/// recorded goes on being recorded.
/// </summary>
sealed class SeparateSampler(Sampler inner) : Sampler
{
    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters)
    {
        if (!AppSdk.IsThere)
            return inner.ShouldSample(samplingParameters);
        var parent = IsParent(CurrentSpan.Innermost?.Activity, samplingParameters) ?? IsParent(Activity.Current, samplingParameters);
        var isWanted = !AppSdk.IsSuppressed && (parent is not null ? parent.IsAllDataRequested : inner.ShouldSample(samplingParameters).Decision != SamplingDecision.Drop);
        return new SamplingResult(isWanted ? SamplingDecision.RecordOnly : SamplingDecision.Drop);
    }

    static Activity? IsParent(Activity? activity, in SamplingParameters parameters) => activity?.Context == parameters.ParentContext ? activity : null;
}
