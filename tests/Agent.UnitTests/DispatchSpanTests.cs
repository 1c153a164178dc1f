using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Agent.AspNetCore.Hooks;
using Agent.Tracing;
using Microsoft.AspNetCore.Http;

namespace Agent.UnitTests;

[TestClass]
public class DispatchSpanTests : IDisposable
{
    readonly Spans _spans = new(Names.DispatchSource);
    readonly Activity _request;

    public DispatchSpanTests() => _request = _spans.Start("request");

    /// <summary>Spans are records from now on.</summary>
    protected void KeepRecords() => CurrentSpan.Records = record => _spans.Ended.Add(record.ToActivity());

    public virtual void Dispose()
    {
        CurrentSpan.Records = null;
        _spans.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>A dispatch span as an instrumentation makes it.</summary>
    sealed class Span(SpanRecord record) : DispatchSpan(record)
    {
        public SpanRecord Of => Record;

        public bool IsAborted { get; init; }

        public bool FailsAtTheEnd { get; init; }

        /// <summary>Called while the span is being ended.</summary>
        public Action? AtTheEnd { get; init; }

        protected override string? ExpectedResult(Exception exception) => IsAborted ? ResultType.Aborted : null;

        protected override void Complete(Exception? exception)
        {
            Record.SetTag("completed", exception?.Message ?? "without exception");
            AtTheEnd?.Invoke();
            if (FailsAtTheEnd)
                throw new InvalidOperationException("own mistake");
        }
    }

    Span Begin(string name = "call") => new(_spans.Begin(name));

    static void HasSucceeded(Span span)
    {
        Assert.IsTrue(span.Of.IsStopped);
        Assert.AreEqual(ActivityStatusCode.Unset, span.Of.Status);
        Assert.IsNull(span.Of.GetTagItem("error.type"));
        Assert.AreEqual("without exception", span.Of.GetTagItem("completed"));
        Assert.IsEmpty(span.Of.ToActivity().Events);
    }

    static void HasFailed(SpanRecord span, string type)
    {
        Assert.IsTrue(span.IsStopped);
        Assert.AreEqual(ActivityStatusCode.Error, span.Status);
        Assert.AreEqual(type, span.GetTagItem("error.type"));
    }

    [TestMethod]
    public void A_span_is_wanted_below_a_recorded_one_only()
    {
        Assert.IsTrue(DispatchSpan.IsWanted);
        Activity.Current = null;
        Assert.IsFalse(DispatchSpan.IsWanted);
        using var unrecorded = new Activity("unrecorded").Start();
        unrecorded.IsAllDataRequested = false;
        Assert.IsFalse(DispatchSpan.IsWanted);
    }

    [TestMethod]
    public void A_synchronous_call_ends_with_its_return()
    {
        var span = Begin();
        Assert.AreSame(span.Of, CurrentSpan.Innermost);
        span.End(null);
        HasSucceeded(span);
        Assert.AreSame(_request, CurrentSpan.InnermostActivity);
    }

    [TestMethod]
    public void A_call_that_throws_ends_with_the_exception()
    {
        var span = Begin();
        span.End(new FormatException("wrong"));
        HasFailed(span.Of, "System.FormatException");
        Assert.AreEqual("wrong", span.Of.ToActivity().StatusDescription);
        Assert.AreEqual("wrong", span.Of.GetTagItem("completed"));
        Assert.AreEqual("exception", span.Of.ToActivity().Events.Single().Name);
        Assert.AreSame(_request, CurrentSpan.InnermostActivity);
    }

    [TestMethod]
    public void A_completed_task_ends_the_span_at_once()
    {
        var span = Begin();
        span.End(null, Task.CompletedTask);
        HasSucceeded(span);
        Assert.AreSame(_request, CurrentSpan.InnermostActivity);
    }

    [TestMethod]
    public void A_faulted_task_ends_the_span_with_its_exception()
    {
        var span = Begin();
        span.End(null, Task.FromException(new FormatException("wrong")));
        HasFailed(span.Of, "System.FormatException");
        Assert.AreEqual("wrong", span.Of.ToActivity().StatusDescription);
        Assert.AreSame(_request, CurrentSpan.InnermostActivity);
    }

    /// <summary>TaskScheduler.UnobservedTaskException is raised for a task that the app has forgotten, and for no other.</summary>
    [TestMethod]
    public void A_failed_task_stays_unobserved()
    {
        var unobserved = new List<string>();
        EventHandler<UnobservedTaskExceptionEventArgs> see = (_, e) =>
        {
            lock (unobserved)
                unobserved.Add(e.Exception.InnerException!.Message);
        };
        TaskScheduler.UnobservedTaskException += see;
        try
        {
            Forget();
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= see;
        }
        CollectionAssert.IsSubsetOf(new[] { "failed at once", "failed later" }, unobserved);

        [MethodImpl(MethodImplOptions.NoInlining)]
        void Forget()
        {
            Begin().End(null, Task.FromException(new FormatException("failed at once")));
            var later = new TaskCompletionSource();
            Begin().End(null, later.Task);
            later.SetException(new FormatException("failed later"));
            HasFailed(new SpanRecord(_spans.Ended[^1]), "System.FormatException");
        }
    }

    [TestMethod]
    public void A_cancelled_task_ends_the_span_with_a_cancellation()
    {
        var span = Begin();
        span.End(null, Task.FromCanceled(new CancellationToken(canceled: true)));
        HasFailed(span.Of, "System.Threading.Tasks.TaskCanceledException");
        Assert.AreSame(_request, CurrentSpan.InnermostActivity);
    }

    [TestMethod]
    public void A_pending_task_gives_the_caller_its_scope_back_and_ends_the_span_later()
    {
        var app = new TaskCompletionSource();
        var span = Begin();
        Assert.AreSame(span.Of, CurrentSpan.Innermost);
        span.End(null, app.Task);
        Assert.AreSame(_request, CurrentSpan.InnermostActivity);
        Assert.IsFalse(span.Of.IsStopped);
        app.SetResult();
        HasSucceeded(span);
        Assert.AreSame(_request, CurrentSpan.InnermostActivity);
    }

    [TestMethod]
    public void A_pending_task_that_fails_later_ends_the_span_with_its_exception()
    {
        var app = new TaskCompletionSource();
        var span = Begin();
        span.End(null, app.Task);
        app.SetException(new FormatException("wrong"));
        HasFailed(span.Of, "System.FormatException");
        Assert.AreEqual("wrong", span.Of.ToActivity().StatusDescription);
    }

    [TestMethod]
    public void A_pending_task_that_is_cancelled_later_ends_the_span_with_a_cancellation()
    {
        var app = new TaskCompletionSource();
        var span = Begin();
        span.End(null, app.Task);
        app.SetCanceled(CancellationToken.None);
        HasFailed(span.Of, "System.Threading.Tasks.TaskCanceledException");
    }

    /// <summary>The awaiter goes on inside SetResult, as it does without a span: no detour over the thread pool, and nothing to wait for here.</summary>
    [TestMethod]
    public void The_span_has_ended_before_an_awaiter_goes_on_where_it_would_have_gone_on_anyway()
    {
        var app = new TaskCompletionSource();
        var span = Begin();
        span.End(null, app.Task);
        var awaiter = HasEndedWhenAwaited();
        Assert.IsFalse(awaiter.IsCompleted);
        app.SetResult();
        Assert.IsTrue(awaiter.IsCompletedSuccessfully);
        Assert.IsTrue(awaiter.GetAwaiter().GetResult());

        async Task<bool> HasEndedWhenAwaited()
        {
            await app.Task;
            return span.Of.IsStopped;
        }
    }

    /// <summary>
    /// The task completes on another thread after it has been returned and before the caller looks at it: the caller goes on at once, while that
    /// thread has not come to the span yet. Here it does not before the caller has ended its own.
    /// </summary>
    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public async Task A_call_that_completes_before_its_caller_looks_has_ended_before_the_callers_span(bool isCaughtUp)
    {
        var app = new TaskCompletionSource();
        using var isHeldUp = new SemaphoreSlim(0);
        using var goOn = new SemaphoreSlim(0);
        _ = app.Task.ContinueWith(_ =>
        {
            isHeldUp.Release();
            goOn.Wait();
        }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        var outer = Begin("outer");
        var middle = Begin("middle");
        var inner = Begin("inner");
        inner.End(null, app.Task);
        middle.End(null, app.Task); // hands it on
        var other = Task.Run(app.SetResult);
        isHeldUp.Wait();
        Assert.IsFalse(inner.Of.IsStopped);
        DispatchSpan.EndCallsBelow(inner.Of.ToActivity());
        Assert.IsFalse(inner.Of.IsStopped);
        if (isCaughtUp)
        {
            DispatchSpan.EndCallsBelow(_request);
            HasSucceeded(inner);
            HasSucceeded(middle);
        }
        Assert.AreSame(outer.Of, CurrentSpan.Innermost);
        outer.End(null);
        Assert.AreSame(_request, CurrentSpan.InnermostActivity);
        goOn.Release();
        await other;
        HasSucceeded(inner);
        Assert.AreEqual("inner middle outer", string.Join(' ', _spans.Ended.Select(span => span.DisplayName)));
        Assert.IsLessThanOrEqualTo(EndOf(outer), EndOf(inner));

        static DateTime EndOf(Span span) => span.Of.ToActivity().StartTimeUtc + span.Of.ToActivity().Duration;
    }

    [TestMethod]
    public async Task The_end_of_the_process_waits_for_a_span_that_is_being_ended()
    {
        using var isEnding = new SemaphoreSlim(0);
        using var goOn = new SemaphoreSlim(0);
        var app = new TaskCompletionSource();
        var span = new Span(_spans.Begin("call"))
        {
            AtTheEnd = () =>
            {
                isEnding.Release();
                goOn.Wait();
            },
        };
        span.End(null, app.Task);
        var other = Task.Run(app.SetResult);
        isEnding.Wait();
        Assert.IsFalse(DispatchSpan.WaitForEnds(TimeSpan.FromMilliseconds(1)));
        goOn.Release();
        Assert.IsTrue(DispatchSpan.WaitForEnds(TimeSpan.FromSeconds(60)));
        HasSucceeded(span);
        await other;
    }

    /// <summary>A host that has been disposed, for one, with everything that its last request had.</summary>
    [TestMethod]
    public void What_a_thread_remembers_of_its_calls_is_not_kept_alive()
    {
        var (span, task) = Call();
        GC.Collect();
        Assert.IsFalse(span.IsAlive);
        Assert.IsFalse(task.IsAlive);

        [MethodImpl(MethodImplOptions.NoInlining)]
        (WeakReference, WeakReference) Call()
        {
            var app = new TaskCompletionSource();
            var span = Begin();
            span.End(null, app.Task);
            app.SetResult();
            HasSucceeded(span);
            return (new WeakReference(span), new WeakReference(app.Task));
        }
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Who_completes_the_task_keeps_its_own_activity(bool hasOne)
    {
        var app = new TaskCompletionSource();
        Begin().End(null, app.Task);
        Activity.Current = null;
        var own = hasOne ? _spans.Start("own") : null;
        app.SetResult();
        Assert.AreSame(own, Activity.Current);
    }

    [TestMethod]
    public async Task Ending_the_span_of_an_async_method_throws_nothing_not_even_unseen()
    {
        var app = new TaskCompletionSource();
        var thrown = new List<Exception>();
        var thread = Environment.CurrentManagedThreadId;
        var span = Begin();
        var task = Call();
        span.End(null, task);
        EventHandler<FirstChanceExceptionEventArgs> see = (_, e) =>
        {
            if (Environment.CurrentManagedThreadId == thread)
                thrown.Add(e.Exception);
        };
        AppDomain.CurrentDomain.FirstChanceException += see;
        try
        {
            app.SetResult();
        }
        finally
        {
            AppDomain.CurrentDomain.FirstChanceException -= see;
        }
        await task;
        HasSucceeded(span);
        Assert.IsEmpty(thrown, string.Join('\n', thrown));
        Assert.AreSame(_request, CurrentSpan.InnermostActivity);

        async Task Call() => await app.Task;
    }

    [TestMethod]
    public void Nested_spans_share_a_task_and_end_from_the_inside()
    {
        var app = new TaskCompletionSource();
        var outer = Begin("outer");
        var inner = Begin("inner");
        inner.End(null, app.Task);
        Assert.AreSame(outer.Of, CurrentSpan.Innermost);
        outer.End(null, app.Task);
        Assert.AreSame(_request, CurrentSpan.InnermostActivity);
        app.SetResult();
        Assert.AreEqual("inner outer", string.Join(' ', _spans.Ended.Select(span => span.DisplayName)));
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public async Task An_exception_is_recorded_on_the_innermost_span_and_marks_all_of_them(bool isAsync)
    {
        await Assert.ThrowsExactlyAsync<FormatException>(() => Nested(depth: 3, () => throw new FormatException("wrong"), isAsync));
        Assert.HasCount(3, _spans.Ended);
        foreach (var span in _spans.Ended)
            HasFailed(new SpanRecord(span), "System.FormatException");
        CollectionAssert.AreEqual(new[] { 1, 0, 0 }, _spans.Ended.Select(span => span.Events.Count()).ToArray());
        CollectionAssert.AreEqual(new[] { "wrong", null, null }, _spans.Ended.Select(span => span.StatusDescription).ToArray());
    }

    [TestMethod]
    public async Task A_cancellation_is_recorded_on_the_innermost_span_and_marks_all_of_them()
    {
        var cancellation = new OperationCanceledException("too slow");
        Assert.AreSame(cancellation, await Assert.ThrowsExactlyAsync<OperationCanceledException>(() => Nested(depth: 3, () => throw cancellation, isAsync: true)));
        Assert.HasCount(3, _spans.Ended);
        foreach (var span in _spans.Ended)
            HasFailed(new SpanRecord(span), "System.OperationCanceledException");
        CollectionAssert.AreEqual(new[] { 1, 0, 0 }, _spans.Ended.Select(span => span.Events.Count()).ToArray());
        DispatchSpan.Fail(_request, cancellation);
        Assert.IsEmpty(_request.Events);
    }

    /// <summary>Async methods in one another, each with a span, as middlewares are.</summary>
    Task Nested(int depth, Action call, bool isAsync)
    {
        var span = Begin($"depth {depth}");
        var task = Body();
        span.End(null, task);
        return task;

        async Task Body()
        {
            if (depth > 1)
            {
                await Nested(depth - 1, call, isAsync);
                return;
            }
            if (isAsync)
                await Task.Yield();
            call();
        }
    }

    [TestMethod]
    public void An_exception_that_says_the_client_is_gone_is_a_result()
    {
        var span = new Span(_spans.Begin("call")) { IsAborted = true };
        span.End(new OperationCanceledException("gone"));
        Assert.AreEqual(ActivityStatusCode.Unset, span.Of.Status);
        Assert.AreEqual("aborted", span.Of.GetTagItem("dispatch.result.type"));
        Assert.AreEqual("System.OperationCanceledException", span.Of.GetTagItem("error.type"));
        Assert.IsEmpty(span.Of.ToActivity().Events);
    }

    [TestMethod]
    public async Task A_span_that_is_ended_early_stays_as_it_was_and_gives_the_callers_scope_back()
    {
        var call = new TaskCompletionSource();
        var span = Begin();
        CurrentSpan.End(span.Of); // a long connection has begun
        span.End(null, call.Task);
        Assert.AreSame(_request, CurrentSpan.InnermostActivity);
        call.SetException(new InvalidOperationException("hours later"));
        await call.Task.ContinueWith(_ => { }, TaskScheduler.Default);
        Assert.IsNull(span.Of.GetTagItem("completed"));
        Assert.AreEqual(ActivityStatusCode.Unset, span.Of.Status);
        Assert.IsEmpty(span.Of.ToActivity().Events);
    }

    [TestMethod]
    public void A_mistake_of_ours_at_the_end_does_not_reach_the_app()
    {
        var level = Log.Level;
        Log.Level = LogLevel.None;
        try
        {
            var span = new Span(_spans.Begin("call")) { FailsAtTheEnd = true };
            span.End(null);
            Assert.IsTrue(span.Of.IsStopped);
            Assert.AreSame(_request, CurrentSpan.InnermostActivity);
            span = new Span(_spans.Begin("call")) { FailsAtTheEnd = true };
            span.End(new FormatException());
            HasFailed(span.Of, "System.FormatException");
            Assert.HasCount(1, span.Of.ToActivity().Events);
        }
        finally
        {
            Log.Level = level;
        }
    }

    [TestMethod]
    public void An_exception_that_cannot_be_described_is_a_failure()
    {
        var level = Log.Level;
        Log.Level = LogLevel.None;
        try
        {
            var span = Begin();
            span.End(new SilentException());
            HasFailed(span.Of, typeof(SilentException).FullName!);
        }
        finally
        {
            Log.Level = level;
        }
    }

    sealed class SilentException : Exception
    {
        public override string Message => throw new NotSupportedException();
    }

    [TestMethod]
    public void What_goes_wrong_over_and_over_is_said_once_a_minute()
    {
        var said = new List<string>();
        var complaint = new HarmonyLib.Complaint();
        for (var i = 0; i < 1000; i++)
            complaint.Say(said.Add, () => "it fails");
        CollectionAssert.AreEqual(new[] { "it fails" }, said);
    }

    [TestMethod]
    public async Task A_middleware_hands_on_the_very_task_of_the_app()
    {
        var app = new TaskCompletionSource();
        RequestDelegate call = _ => app.Task;
        var task = new Middleware(call, MiddlewareName.Of(call, call), isImplicit: false).Invoke(new DefaultHttpContext());
        Assert.AreSame(app.Task, task);
        Assert.AreSame(_request, CurrentSpan.InnermostActivity);
        Assert.IsEmpty(_spans.Ended);
        var wrong = new FormatException("wrong");
        app.SetException(wrong);
        Assert.AreSame(wrong, await Assert.ThrowsExactlyAsync<FormatException>(() => task));
        HasFailed(new SpanRecord(_spans.Ended.Single()), "System.FormatException");
    }
}
