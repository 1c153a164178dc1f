using System.Diagnostics;
using Agent.Tracing;

namespace Agent.UnitTests;

/// <summary>Where spans of ours are, while the current activity stays the app's.</summary>
[TestClass]
public class CurrentSpanTests : IDisposable
{
    const string App = "Agent.UnitTests.App";

    readonly ActivitySource _app = new(App);
    readonly Spans _spans;

    public CurrentSpanTests()
    {
        CurrentSpan.Adopt(static source => source == App); // before anybody listens to it
        _spans = new Spans(App);
    }

    public virtual void Dispose()
    {
        _spans.Dispose();
        _app.Dispose();
        CurrentSpan.Stop();
        GC.SuppressFinalize(this);
    }

    [TestMethod]
    public void A_span_is_never_current_and_encloses_what_follows_until_it_is_left()
    {
        using var request = _app.StartActivity("request");
        var span = _spans.Begin("span");
        Assert.AreSame(request, Activity.Current);
        Assert.AreSame(span, CurrentSpan.Innermost);
        CurrentSpan.Leave(CurrentSpan.Scope!.Span);
        CurrentSpan.End(span);
        Assert.AreSame(request, Activity.Current);
        Assert.AreSame(request, CurrentSpan.InnermostActivity);
        Assert.IsTrue(span.IsStopped);
    }

    [TestMethod]
    public void The_parent_is_what_was_begun_last_an_activity_or_a_span()
    {
        using var request = _app.StartActivity("request")!;
        var outer = _spans.Begin("outer");
        using var own = _app.StartActivity("own")!;
        var inner = _spans.Begin("inner");
        using var innermost = _app.StartActivity("innermost")!;
        Assert.AreEqual((request.SpanId, outer.Context.SpanId, own.SpanId, inner.Context.SpanId), (outer.ToActivity().ParentSpanId, own.ParentSpanId, inner.ToActivity().ParentSpanId, innermost.ParentSpanId));
        Assert.AreSame(request, own.Parent);
        Assert.AreSame(own, innermost.Parent);
        Assert.AreEqual($"00-{request.TraceId}-{inner.HexId}-0{(int)inner.Context.TraceFlags}", innermost.ParentId);
        Assert.AreSame(request, CurrentSpan.Root);
    }

    [TestMethod]
    public void An_explicit_parent_stays_but_the_current_one_means_the_place()
    {
        using var request = _app.StartActivity("request")!;
        var span = _spans.Begin("span");
        var remote = new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded, isRemote: true);
        using (var message = _app.StartActivity("message", ActivityKind.Consumer, remote)!)
            Assert.AreEqual((remote.TraceId, remote.SpanId), (message.TraceId, message.ParentSpanId));
        using (var child = _app.StartActivity("child", ActivityKind.Internal, Activity.Current!.Context)!)
            Assert.AreEqual(span.Context.SpanId, child.ParentSpanId);
    }

    /// <summary>What a job does is in the job's trace, though the app has no current activity there; and so are its samplers asked.</summary>
    [TestMethod]
    public void Inside_of_a_span_without_anything_around_it_activities_belong_to_its_trace()
    {
        var parents = new List<ActivityContext>();
        using var sampler = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == App,
            Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
            {
                parents.Add(options.Parent);
                return ActivitySamplingResult.AllData;
            },
        };
        ActivitySource.AddActivityListener(sampler);
        var job = _spans.Begin("job");
        Assert.IsNull(Activity.Current);
        using (var work = _app.StartActivity("work")!)
        {
            Assert.AreEqual((job.TraceId, job.Context.SpanId), (work.TraceId, work.ParentSpanId));
            Assert.IsNull(work.Parent);
            Assert.AreSame(job, CurrentSpan.ParentOf(work));
            Assert.AreEqual(job.Context, parents.Single());
            Assert.AreSame(job.ToActivity(), CurrentSpan.Root);
        }
        CurrentSpan.Leave(CurrentSpan.Scope!.Span);
        using var next = _app.StartActivity("next")!;
        Assert.AreNotEqual(job.TraceId, next.TraceId);
    }

    [TestMethod]
    public async Task Flows_with_what_the_app_begins_and_not_back()
    {
        using var request = _app.StartActivity("request");
        var span = _spans.Begin("span");
        await Task.Run(() =>
        {
            Assert.AreSame(span, CurrentSpan.Innermost);
            _spans.Begin("inside");
        });
        Assert.AreSame(span, CurrentSpan.Innermost);
    }

    [TestMethod]
    public void Baggage_and_attributes_are_the_apps()
    {
        using var request = _app.StartActivity("request")!;
        var span = _spans.Begin("span");
        Activity.Current!.AddBaggage("tenant", "x").SetTag("enduser.id", "ada");
        Assert.AreEqual("x", request.GetBaggageItem("tenant"));
        Assert.AreEqual("x", span.ToActivity().GetBaggageItem("tenant")); // messages take it along
        Assert.IsEmpty(span.ToActivity().TagObjects);
    }

    [TestMethod]
    public void A_span_of_another_trace_is_around_what_follows_and_below_nothing()
    {
        using var request = _app.StartActivity("request")!;
        var sender = new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded, isRemote: true);
        using var source = new ActivitySource("Agent.UnitTests.Messages");
        using var listener = new ActivityListener
        {
            ShouldListenTo = heard => heard == source,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        var message = CurrentSpan.BeginElsewhere(source, "message", ActivityKind.Consumer, sender)!;
        Assert.AreEqual((sender.TraceId, sender.SpanId), (message.TraceId, message.ToActivity().ParentSpanId));
        Assert.IsNull(message.Above);
        Assert.AreSame(request, Activity.Current);
        Assert.AreSame(message, CurrentSpan.Innermost);
    }
}

/// <summary>Where the runtime keeps spans in another way than is known here, spans of ours are current while they last, and everything else is the same.</summary>
[TestClass]
public sealed class CurrentDispatchSpanTests : DispatchSpanTests
{
    public CurrentDispatchSpanTests() => CurrentSpan.IsApart = false;

    public override void Dispose()
    {
        CurrentSpan.IsApart = true;
        base.Dispose();
    }

    [TestMethod]
    public void A_span_is_current()
    {
        using var source = new Spans();
        var span = source.Begin("span");
        Assert.AreSame(span.Activity, Activity.Current);
        CurrentSpan.Leave(CurrentSpan.Scope!.Span);
        CurrentSpan.End(span);
        Assert.AreNotSame(span.Activity, Activity.Current);
    }
}

/// <summary>The same where spans are records that are written as they are.</summary>
[TestClass]
public sealed class RecordedDispatchSpanTests : DispatchSpanTests
{
    public RecordedDispatchSpanTests() => KeepRecords();
}

/// <inheritdoc cref="RecordedDispatchSpanTests"/>
[TestClass]
public sealed class RecordedCurrentSpanTests : CurrentSpanTests
{
    public RecordedCurrentSpanTests() => CurrentSpan.Records = static _ => { };

    public override void Dispose()
    {
        CurrentSpan.Records = null;
        base.Dispose();
    }
}
