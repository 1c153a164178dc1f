using System.Diagnostics;
using Agent.Diagnosis;
using Agent.Tracing;
using OpenTelemetry;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Agent.UnitTests;

/// <summary>A record is sent as what it would be as an activity: the same bytes mean the same span.</summary>
[TestClass]
public sealed class SpanRecordTests : IDisposable
{
    readonly Spans _spans = new();
    readonly Activity _request;
    SpanRecord? _ended;

    public SpanRecordTests()
    {
        _request = _spans.Start("request");
        _request.TraceStateString = "vendor=1";
        CurrentSpan.Records = record => _ended = record;
    }

    public void Dispose()
    {
        CurrentSpan.Records = null;
        _spans.Dispose();
    }

    static readonly KeyValuePair<string, object?>[] Given = [new("dispatch.kind", "hook"), new("code.line.number", 30), new("mark", true), new("nothing", null)];

    SpanRecord Begin() => CurrentSpan.Begin(_spans.Source, "middleware «Grüße» 🎂", ActivityKind.Client, Given)!;

    [TestMethod]
    public void Attributes_that_it_began_with_are_replaced_and_removed_for_it_alone()
    {
        var (one, other) = (Begin(), Begin());
        one.SetTag("mark", null).SetTag("dispatch.kind", "load").SetTag("dispatch.kind", "remote").SetTag("own", 1.5).SetTag("gone", 1L).SetTag("gone", null);
        Assert.AreEqual("code.line.number=30 dispatch.kind=remote own=1.5", Text(one));
        Assert.AreEqual("code.line.number=30 dispatch.kind=hook mark=True", Text(other));
        Assert.IsNull(one.GetTagItem("mark"));
        Assert.AreEqual("remote", one.GetTagItem("dispatch.kind"));
        Assert.IsNull(one.Activity);
    }

    [TestMethod]
    public void What_a_record_cannot_keep_makes_it_an_activity_with_the_same_ids()
    {
        var span = Begin();
        var context = span.Context;
        span.SetTag("before", 1).SetTag("many", new[] { "a", "b" }).SetTag("after", 2);
        Assert.IsNotNull(span.Activity);
        Assert.AreEqual(context, span.Activity.Context);
        Assert.AreEqual(_request.SpanId, span.Activity.ParentSpanId);
        Assert.AreSame(_request, span.Activity.Parent);
        Assert.AreSame(_request, Activity.Current);
        CollectionAssert.AreEquivalent(new[] { "dispatch.kind", "code.line.number", "mark", "before", "many", "after" }, span.Activity.TagObjects.Select(tag => tag.Key).ToArray());
        CurrentSpan.End(span);
        Assert.IsNull(_ended);
        Assert.AreSame(span.Activity, _spans.Ended.Single());
    }

    [TestMethod]
    public void A_record_without_anywhere_to_go_ends_as_an_activity()
    {
        var span = Begin();
        CurrentSpan.Records = null; // the app's own OpenTelemetry has taken over
        CurrentSpan.End(span);
        Assert.AreEqual(span.Context.SpanId, _spans.Ended.Single().SpanId);
    }

    [TestMethod]
    public void Below_something_unrecorded_and_outside_of_everything_there_is_no_record()
    {
        _request.ActivityTraceFlags = ActivityTraceFlags.None;
        Assert.IsNotNull(Begin().Activity);
        Activity.Current = null;
        CurrentSpan.Scope = null;
        Assert.IsNotNull(Begin().Activity);
    }

    [TestMethod]
    public void It_goes_to_OpenTelemetry_as_the_same_span_as_an_activity_does()
    {
        var record = Begin();
        record.DisplayName = "renamed";
        record.SetTag("own", "Grüße 🎂").SetTag("big", long.MinValue).SetTag("ratio", -0.5).SetTag("off", false).SetTag("long", new string('x', 300));
        record.SetStatus(ActivityStatusCode.Error, "went wrong");
        CurrentSpan.End(record);
        var sent = Sent([record]).Single();
        var expected = Sent([record.ToActivity()]).Single();
        Assert.AreEqual(expected.ToString(), sent.ToString());
        Assert.AreEqual("renamed", sent.Name);
        Assert.AreEqual("vendor=1", sent.TraceState);
    }

    [TestMethod]
    public void Many_records_and_activities_share_a_request_however_large()
    {
        List<object> spans = [];
        for (var i = 0; i < 700; i++)
        {
            var span = Begin().SetTag("n", i).SetTag("text", new string('y', i));
            CurrentSpan.End(span);
            CurrentSpan.Leave(span);
            spans.Add(span);
            if (i % 7 == 0)
                spans.Add(_spans.Start($"activity {i}"));
        }
        var sent = Sent(spans);
        Assert.HasCount(800, sent);
        CollectionAssert.AreEqual(Enumerable.Range(0, 700).ToArray(), sent.Where(span => span.Attributes.Any(tag => tag.Key == "n")).Select(span => (int)span.Attributes.Single(tag => tag.Key == "n").Value.IntValue).ToArray());
    }

    /// <summary>The spans as whoever receives them reads them, the records first by nothing but their scope.</summary>
    static List<Agent.Viewer.Protos.Span> Sent(List<object> spans)
    {
        using var receiver = new Receiver();
        var settings = new Settings(Variables.Of($"OTEL_EXPORTER_OTLP_ENDPOINT={receiver.Address}"));
        var count = new ExportCount("otlp", hears: false);
        using var exporter = OtlpExport.Create(settings, Plugins.PluginList.None, count, CancellationToken.None);
        using var provider = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(ResourceBuilder.CreateEmpty().AddService("unit tests")).Build();
        SdkInternals<object>.SetParentProvider(exporter, provider);
        Assert.AreEqual(ExportResult.Success, exporter.Export(new Batch<object>([.. spans], spans.Count)), count.LastError?.Message);
        var resource = receiver.Request.ResourceSpans.Single();
        Assert.AreEqual("unit tests", resource.Resource.Attributes.Single(tag => tag.Key == "service.name").Value.StringValue);
        return [.. resource.ScopeSpans.SelectMany(scope => scope.Spans)];
    }

    static string Text(SpanRecord span) => string.Join(' ', span.Tags.Where(tag => tag.Value is not null).OrderBy(tag => tag.Key, StringComparer.Ordinal)
        .Select(tag => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{tag.Key}={tag.Value}")));
}
