using System.Diagnostics;
using Agent.Entry;
using OpenTelemetry.Trace;

namespace Agent.Tracing;

/// <summary>
/// Which requests are traced: those whose path is not ignored, by the sampler that is set. Both may change while the app runs
/// (<see cref="SettingsWatch"/>). Where neither can be, the SDK's own sampler is used, which has a shorter way for some.
/// </summary>
sealed class RequestSampler : Sampler
{
    const string Path = "url.path";

    volatile Rules _rules;
    volatile bool _isClosed;

    RequestSampler(Settings settings) => _rules = new Rules(settings);

    /// <summary>The one of this process; null if the SDK's own is used.</summary>
    public static RequestSampler? Current { get; private set; }

    public static bool IsNeeded(Settings settings) => settings.HasFile || settings.IgnoredPaths.Count > 0 || settings.AppSdk == AppSdkMode.Separate || Attachment.IsLate;

    public static RequestSampler Start(Settings settings) => Current = new(settings);

    /// <summary>From the next request on.</summary>
    public void Change(Settings settings) => _rules = new Rules(settings);

    /// <summary>No trace begins any more here; those that have begun go on.</summary>
    public void Close() => _isClosed = true;

    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters)
    {
        if (_isClosed && (samplingParameters.ParentContext.IsRemote || samplingParameters.ParentContext.TraceId == default))
            return new SamplingResult(SamplingDecision.Drop);
        var rules = _rules;
        if (rules.IgnoredPaths.Count > 0)
        {
            // What an ignored request does is ignored too, whatever the sampler makes of a span without a sampled parent.
            var isInside = Activity.Current is { IsAllDataRequested: false, Source.Name: Names.ServerSource };
            if (isInside || (samplingParameters.Kind == ActivityKind.Server && rules.Ignore(samplingParameters.Tags)))
                return new SamplingResult(SamplingDecision.Drop);
        }
        return rules.Sampler.ShouldSample(samplingParameters);
    }

    sealed class Rules(Settings settings)
    {
        public IReadOnlyList<string> IgnoredPaths { get; } = settings.IgnoredPaths;

        public Sampler Sampler { get; } = settings.Sampler switch
        {
            "always_on" => new AlwaysOnSampler(),
            "always_off" => new AlwaysOffSampler(),
            "traceidratio" => new TraceIdRatioBasedSampler(settings.SamplerRatio),
            "parentbased_always_off" => new ParentBasedSampler(new AlwaysOffSampler()),
            "parentbased_traceidratio" => new ParentBasedSampler(new TraceIdRatioBasedSampler(settings.SamplerRatio)),
            _ => new ParentBasedSampler(new AlwaysOnSampler()),
        };

        /// <param name="tags">What is known of a request when its span is made.</param>
        public bool Ignore(IEnumerable<KeyValuePair<string, object?>>? tags)
        {
            foreach (var (name, value) in tags ?? [])
            {
                if (name == Path && value is string path)
                    return IsIgnored(path);
            }
            return false;
        }

        bool IsIgnored(string path)
        {
            foreach (var pattern in IgnoredPaths)
            {
                if (Decision.Matches(path, pattern))
                    return true;
            }
            return false;
        }
    }
}
