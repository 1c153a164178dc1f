namespace Agent.Viewer.Programs.Otlp;

/// <summary>What a <see cref="TraceFollower"/> tells next.</summary>
/// <param name="Trace">A finished trace; null if this says what was left out.</param>
/// <param name="LeftOutTraces">How many finished traces were left out since it was said last, because the follower was too slow.</param>
/// <param name="LeftOutSpans">How many spans were left out before it was known whether their traces were finished.</param>
readonly record struct FollowedTrace(Trace? Trace, int LeftOutTraces, int LeftOutSpans);
