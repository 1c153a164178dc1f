using System.Diagnostics;
using System.Reflection;
using System.Runtime.Loader;
using Agent.Api;
using Agent.Tracing;
using AppTracing = Agent.Api.Tracing;

namespace Agent.UnitTests;

/// <summary>Agent.Api looks once whether there is an agent, so it is loaded a second time, together with the tests that use it there.</summary>
[TestClass]
public sealed class ApiTests : IDisposable
{
    const string Marker = "Agent.Tracing";
    static Type? _withAgent;

    readonly Spans _spans = new();

    public void Dispose() => _spans.Dispose();

    /// <summary>Loads its own Agent.Api and Agent.UnitTests; everything else is shared.</summary>
    sealed class Copies() : AssemblyLoadContext("with agent")
    {
        protected override Assembly? Load(AssemblyName assemblyName) =>
            assemblyName.Name == "Agent.Api" ? LoadFromAssemblyPath(typeof(AppTracing).Assembly.Location) : null;
    }

    [ClassInitialize]
    public static void Load(TestContext context)
    {
        Assert.IsFalse(AppTracing.Enabled);
        AppContext.SetData(Marker, "0.1.0");
        AppContext.SetData("Agent.CurrentSpan", (Func<Activity?>)(static () => CurrentSpan.InnermostActivity));
        AppContext.SetData("Agent.RootSpan", (Func<Activity?>)(static () => CurrentSpan.Root));
        _withAgent = new Copies().LoadFromAssemblyPath(typeof(ApiTests).Assembly.Location).GetType(typeof(WithAgent).FullName!, throwOnError: true)!;
        Assert.IsTrue(Call<Func<bool>>(nameof(WithAgent.Enabled))());
        AppContext.SetData(Marker, null);
    }

    /// <summary>A method of <see cref="WithAgent"/> where there is an agent.</summary>
    static T Call<T>(string method) where T : Delegate => _withAgent!.GetMethod(method)!.CreateDelegate<T>();

    /// <summary>What an app does. Used through the second load context only.</summary>
    public static class WithAgent
    {
        public static bool Enabled() => AppTracing.Enabled;

        public static string RootSpanId() => AppTracing.Root.SpanId;

        public static string RootTraceId() => AppTracing.Root.TraceId;

        public static string CurrentSpanId() => AppTracing.Current.SpanId;

        public static bool IsRecording() => AppTracing.Current.IsRecording;

        public static bool AreSame() => AppTracing.Root == AppTracing.Current && !(AppTracing.Root != AppTracing.Current) && AppTracing.Root.Equals((object)AppTracing.Current) && AppTracing.Root.GetHashCode() == AppTracing.Current.GetHashCode();

        public static void Write(Exception exception)
        {
            AppTracing.Root.SetAttribute("user.id", 7).SetAttribute("gone", 1).SetAttribute("gone", null);
            AppTracing.Current.SetAttribute("step", "one").SetAttribute("step", "two").AddEvent("ordered", new("items", 3), new("paid", true)).AddEvent("bare").RecordException(exception);
        }
    }

    [TestMethod]
    public void Without_the_agent_the_spans_are_inert_even_if_there_are_activities()
    {
        using var activity = _spans.Start("of the app");
        Assert.IsFalse(AppTracing.Enabled);
        foreach (var span in new[] { AppTracing.Root, AppTracing.Current, default })
        {
            Assert.IsFalse(span.IsRecording);
            Assert.AreEqual("", span.TraceId);
            Assert.AreEqual("", span.SpanId);
            Assert.AreEqual(default, span.SetAttribute("a", 1).AddEvent("b", new KeyValuePair<string, object?>("c", 2)).RecordException(new FormatException("wrong")));
        }
        Assert.IsEmpty(activity.TagObjects);
        Assert.IsEmpty(activity.Events);
        Assert.AreEqual(ActivityStatusCode.Unset, activity.Status);
    }

    [TestMethod]
    public void The_answer_whether_there_is_an_agent_does_not_change()
    {
        Assert.IsNull(AppContext.GetData(Marker));
        Assert.IsTrue(Call<Func<bool>>(nameof(WithAgent.Enabled))());
        Assert.IsFalse(AppTracing.Enabled);
    }

    [TestMethod]
    public void With_the_agent_the_root_is_the_topmost_activity_and_the_current_one_the_innermost()
    {
        using var request = _spans.Start("request");
        using var middleware = _spans.Start("middleware");
        using var handler = _spans.Start("handler");
        Assert.AreEqual(request.SpanId.ToHexString(), Call<Func<string>>(nameof(WithAgent.RootSpanId))());
        Assert.AreEqual(request.TraceId.ToHexString(), Call<Func<string>>(nameof(WithAgent.RootTraceId))());
        Assert.AreEqual(handler.SpanId.ToHexString(), Call<Func<string>>(nameof(WithAgent.CurrentSpanId))());
        Assert.IsFalse(Call<Func<bool>>(nameof(WithAgent.AreSame))());
    }

    [TestMethod]
    public void With_one_activity_the_root_is_the_current_one()
    {
        using var request = _spans.Start("request");
        Assert.IsTrue(Call<Func<bool>>(nameof(WithAgent.AreSame))());
        Assert.IsTrue(Call<Func<bool>>(nameof(WithAgent.IsRecording))());
    }

    [TestMethod]
    public void A_parent_in_another_process_is_not_the_root()
    {
        using var request = new Activity("request").SetParentId(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded).Start();
        request.IsAllDataRequested = true;
        Assert.AreEqual(request.SpanId.ToHexString(), Call<Func<string>>(nameof(WithAgent.RootSpanId))());
    }

    [TestMethod]
    public void With_the_agent_attributes_events_and_exceptions_arrive()
    {
        using var request = _spans.Start("request");
        using var handler = _spans.Start("handler");
        Call<Action<Exception>>(nameof(WithAgent.Write))(new FormatException("wrong"));

        Assert.AreEqual(new KeyValuePair<string, object?>("user.id", 7), request.TagObjects.Single());
        Assert.IsEmpty(request.Events);
        Assert.AreEqual(ActivityStatusCode.Unset, request.Status);

        Assert.AreEqual("step=two error.type=System.FormatException", Text(handler.TagObjects));
        var events = handler.Events.ToList();
        Assert.AreEqual("ordered bare exception", string.Join(' ', events.Select(item => item.Name)));
        Assert.AreEqual("items=3 paid=True", Text(events[0].Tags));
        Assert.IsEmpty(events[1].Tags);
        Assert.AreEqual("System.FormatException", events[2].Tags.Single(tag => tag.Key == "exception.type").Value);
        Assert.AreEqual("wrong", events[2].Tags.Single(tag => tag.Key == "exception.message").Value);
        Assert.AreEqual(ActivityStatusCode.Error, handler.Status);
        Assert.AreEqual("wrong", handler.StatusDescription);

        static string Text(IEnumerable<KeyValuePair<string, object?>> tags) => string.Join(' ', tags.Select(tag => $"{tag.Key}={tag.Value}"));
    }

    [TestMethod]
    public void With_the_agent_but_no_recorded_activity_the_spans_are_inert()
    {
        Assert.AreEqual("", Call<Func<string>>(nameof(WithAgent.RootSpanId))());
        using var unrecorded = new Activity("unrecorded").Start();
        unrecorded.IsAllDataRequested = false;
        Assert.IsFalse(Call<Func<bool>>(nameof(WithAgent.IsRecording))());
        Assert.AreEqual("", Call<Func<string>>(nameof(WithAgent.CurrentSpanId))());
        Call<Action<Exception>>(nameof(WithAgent.Write))(new FormatException("wrong"));
        Assert.IsEmpty(unrecorded.TagObjects);
        Assert.IsEmpty(unrecorded.Events);
    }

    [TestMethod]
    public void A_missing_name_or_exception_is_a_mistake_of_the_app_with_and_without_an_agent()
    {
        Assert.ThrowsExactly<ArgumentNullException>(() => default(Span).SetAttribute(null!, 1));
        Assert.ThrowsExactly<ArgumentNullException>(() => default(Span).AddEvent(null!));
        Assert.ThrowsExactly<ArgumentNullException>(() => default(Span).RecordException(null!));
    }
}
