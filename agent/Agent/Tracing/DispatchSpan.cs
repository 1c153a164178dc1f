using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using HarmonyLib;

namespace Agent.Tracing;

/// <summary>
/// A span around one call that may go on asynchronously. The one place that knows how to do it without the app noticing:
/// the span encloses the call (<see cref="CurrentSpan"/>) and not what its caller does next, the app's own task
/// is handed on untouched (no wrapping task, so exceptions, stack traces and AsyncLocals stay as they are), and the span ends when that
/// task ends: before whoever waits for it goes on.
/// </summary>
class DispatchSpan
{
    static readonly ConditionalWeakTable<object, RecordedIn> Recorded = [];

    static readonly Complaint MissingAttributes = new(), BadListeners = new(), BadExceptions = new();

    [ThreadStatic]
    static PendingCalls? t_lastCalls;

    /// <summary>How many spans are being ended because their task has completed.</summary>
    static int s_ending;

    static readonly object HasEnded = new();

    /// <summary>The span of the call around that hands on the task of this one, and ends with it; <see cref="HasEnded"/> when it is too late for that.</summary>
    object? _outer;

    /// <param name="record">Begun by the caller just now (<see cref="CurrentSpan.Begin"/>).</param>
    protected DispatchSpan(SpanRecord record) => Record = record;

    /// <summary>What is known of it.</summary>
    protected SpanRecord Record { get; }

    /// <summary>
    /// Whether a span below the current one would be recorded. Asked before anything else is done for it; without a current span there is
    /// no request to belong to, and dispatch spans never start traces.
    /// </summary>
    public static bool IsWanted => CurrentSpan.IsRecorded == true;

    /// <summary>
    /// The same for a span that needs no request around it and is a trace of its own without one. Waits until spans are recorded: apps may
    /// do such things before their first request.
    /// </summary>
    protected static bool MayStart(ActivitySource source) =>
        AgentProcess.WaitUntilTracing() && CurrentSpan.IsRecorded != false && source.HasListeners();

    /// <summary>To be called when the call has returned or thrown. Never throws.</summary>
    /// <param name="exception">What it has thrown.</param>
    /// <param name="task">The task it has returned; null if it is synchronous.</param>
    public void End(Exception? exception, Task? task = null)
    {
        if (exception is not null || task is null || task.IsCompleted)
        {
            Finish(exception, task);
            CurrentSpan.Leave(Record);
            return;
        }
        CurrentSpan.Leave(Record);
        // A task that is only handed on is waited for once.
        if ((t_lastCalls ??= new PendingCalls()).Add(this, task) is { } inner && Interlocked.CompareExchange(ref inner._outer, this, null) is null)
            return;
        // Registered before the caller can await, and runs inside the completion of the task, before whoever awaits it. It has to be a synchronous
        // ContinueWith: beside another await-style continuation (UnsafeOnCompleted), Task.RunContinuations would send the app's own to the thread
        // pool, before ours has run.
        task.ContinueWith(static (ended, span) => ((DispatchSpan)span!).FinishLater(ended), this,
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>
    /// To be called before a span ends that has not been made here. A call that this thread has returned from with a pending task may have
    /// completed since, on another thread, before the caller looked: then the caller has gone on without waiting, and is about to end the
    /// span around while that thread has not ended the one of the call. So it is ended here.
    /// </summary>
    /// <param name="around">The span that is about to end; what is not below it stays as it is.</param>
    public static void EndCallsBelow(Activity around) => t_lastCalls?.EndCompleted(around);

    /// <summary>Sets what is known only at the end. An exception of the call itself is recorded after this.</summary>
    protected virtual void Complete(Exception? exception) { }

    /// <summary>
    /// Whether the span is not to be handed over yet, because something is known only later; then <see cref="Stop"/> is called. Its time ends now. Asked last,
    /// after a call that has not failed.
    /// </summary>
    protected virtual bool StaysOpen() => false;

    /// <summary>
    /// The result that an exception stands for where it is no error of the app: the client is gone, or has sent something wrong. Null for errors.
    /// </summary>
    protected virtual string? ExpectedResult(Exception exception) => null;

    /// <summary>Sets an attribute that becomes known while the span goes on.</summary>
    public void Set(string name, object? value) => Record.SetTag(name, value);

    /// <summary>
    /// To be called before the last spans are sent: whoever awaited a call goes on while its span is being ended, and may be at the end of the process
    /// by now.
    /// </summary>
    /// <returns>Whether no end is under way any more.</returns>
    public static bool WaitForEnds(TimeSpan atMost) => SpinWait.SpinUntil(static () => Volatile.Read(ref s_ending) == 0, atMost);

    void FinishLater(Task task)
    {
        Interlocked.Increment(ref s_ending);
        for (var span = this; span is not null; span = Interlocked.Exchange(ref span._outer, HasEnded) as DispatchSpan)
            span.Finish(null, task);
        Interlocked.Decrement(ref s_ending);
    }

    /// <summary>Never throws.</summary>
    void Finish(Exception? exception, Task? task)
    {
        t_lastCalls?.EndCompleted(Record);
        if (!Record.TryEndTime())
            return; // it has been ended early, or by the other thread of EndCallsBelow
        exception ??= ExceptionOf(task);
        var staysOpen = false;
        try
        {
            Complete(exception);
            staysOpen = exception is null && StaysOpen();
        }
        catch (Exception e)
        {
            LacksAttributes(e);
        }
        if (exception is not null)
            Fail(Record, exception, ExpectedResultOrNone(exception));
        if (!staysOpen)
            Stop();
    }

    /// <summary>Hands the span over. Never throws.</summary>
    protected void Stop()
    {
        try
        {
            CurrentSpan.End(Record);
        }
        catch (Exception e)
        {
            BadListeners.Say(Log.Error, () => $"a listener failed at the end of the span {Record.DisplayName}: {e}");
        }
    }

    string? ExpectedResultOrNone(Exception exception)
    {
        try
        {
            return ExpectedResult(exception);
        }
        catch (Exception e)
        {
            LacksAttributes(e);
            return null;
        }
    }

    /// <summary>Says that setting them has failed.</summary>
    protected void LacksAttributes(Exception e) => MissingAttributes.Say(Log.Error, () => $"the end of the span {Record.DisplayName} lacks attributes: {e}");

    /// <summary>What a task that has ended has failed with or been cancelled by; null if it has succeeded.</summary>
    public static Exception? ExceptionOf(Task? task)
    {
        if (task is { IsFaulted: true })
            return TaskFailure.First(task);
        return task is { IsCanceled: true } ? CancellationOf(task)?.SourceException ?? new TaskCanceledException(task) : null;
    }

    /// <summary>
    /// What an async method has thrown to be cancelled: one instance for all the calls around it. Without Task's own method only awaiting
    /// would tell it, by throwing it once more.
    /// </summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "GetCancellationExceptionDispatchInfo")]
    static extern ExceptionDispatchInfo? CancellationOf(Task task);

    /// <summary>Whoever asks a task that is cancelled without an exception gets a new one, and so do those who await it.</summary>
    static object IdentityOf(Exception exception) => exception is TaskCanceledException { Task: { } task } ? task : exception;

    /// <summary>Whether a span of this trace has recorded it, or passed it on to those around; without a trace, whether any has.</summary>
    public static bool IsRecorded(Exception exception) =>
        Recorded.TryGetValue(IdentityOf(exception), out var recorded) && (CurrentSpan.Context is not { } current || recorded.Has(current.TraceId));

    /// <summary>
    /// Marks a span as failed. Never throws. The exception itself is recorded once in a trace, on the first span that sees it, which is the innermost. One object may
    /// be thrown again in later requests: by a Lazy, a task that is kept, a static field.
    /// </summary>
    /// <param name="span">The span.</param>
    /// <param name="exception">What it has seen.</param>
    /// <param name="expectedResult">What the exception stands for where it is no error of the app.</param>
    public static void Fail(SpanRecord span, Exception exception, string? expectedResult = null)
    {
        if (expectedResult is not (ResultType.Redirect or ResultType.Success)) // which are no errors at all
            span.SetTag(Names.ErrorType, CodeName.Full(exception.GetType()));
        if (expectedResult is not null)
        {
            span.SetTag(Names.ResultType, expectedResult);
            return;
        }
        span.SetStatus(ActivityStatusCode.Error); // before anything is asked of the exception, whose members are the app's
        if (!Recorded.GetOrAdd(IdentityOf(exception), static _ => new RecordedIn()).Add(span.TraceId))
            return;
        try
        {
            if (LibraryFailures.HaveRecorded(span.TraceId, exception))
                return;
            span.SetStatus(ActivityStatusCode.Error, exception.Message);
            if (!AppSdk.LogsExceptions(span.Nearest))
                span.AddException(exception);
        }
        catch (Exception e)
        {
            BadExceptions.Say(Log.Error, () => $"an exception is not recorded, because it cannot be described ({exception.GetType()}): {e.GetType()}");
        }
    }

    /// <summary>Spans of this trace will say of an exception that they have failed with it, and nothing that it says itself: what it is about is recorded by another one.</summary>
    public void PassOver(Exception exception) => Recorded.GetOrAdd(IdentityOf(exception), static _ => new RecordedIn()).Add(Record.TraceId);

    /// <summary>Marks a span that somebody else ends as failed if a call inside of it has failed, or will: a library catches what the app throws. To be called when the call has returned or thrown.</summary>
    /// <param name="span">The span around.</param>
    /// <param name="exception">What the call has thrown.</param>
    /// <param name="task">The task it has returned.</param>
    public static void FailWith(SpanRecord span, Exception? exception, Task? task)
    {
        if (exception is null && task is { IsCompleted: false }) // runs before the library goes on, which ends the span
            task.ContinueWith(static (ended, span) => FailWith((SpanRecord)span!, null, ended), span, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        else if ((exception ?? ExceptionOf(task)) is { } failure)
            Fail(span, failure);
    }

    /// <summary>The same for a span of somebody else.</summary>
    public static void Fail(Activity activity, Exception exception, string? expectedResult = null) => Fail(new SpanRecord(activity), exception, expectedResult);

    /// <param name="around">An activity, or a span of ours.</param>
    bool IsBelow(object around)
    {
        for (var scope = Record.Outer; scope is not null; scope = scope.Outer)
        {
            if (scope.Span == around || scope.Span.Activity == around)
                return true;
        }
        for (var above = Record.Above; above is not null; above = above.Parent)
        {
            if (above == around)
                return true;
        }
        return false;
    }

    /// <summary>The last traces in which an exception was recorded: nearly always one.</summary>
    sealed class RecordedIn
    {
        const int Most = 16;

        readonly List<ActivityTraceId> _traces = new(1);
        int _next;

        public bool Has(ActivityTraceId trace)
        {
            lock (_traces)
                return _traces.Contains(trace);
        }

        /// <returns>Whether it is new.</returns>
        public bool Add(ActivityTraceId trace)
        {
            lock (_traces)
            {
                if (_traces.Contains(trace))
                    return false;
                if (_traces.Count < Most)
                    _traces.Add(trace);
                else
                    _traces[_next++ % Most] = trace;
                return true;
            }
        }
    }

    /// <summary>
    /// The last calls of a thread that have returned a pending task, which is the same for all of them: a middleware that only hands on what
    /// the next one returns. Whoever goes on because it has completed does so on the same thread, so calls before them need not be known. Nothing
    /// is kept alive: what a thread without work remembers may be of a host that is long gone, and a span that nobody has any more has ended.
    /// </summary>
    sealed class PendingCalls
    {
        readonly WeakReference<Task?> _task = new(null);
        readonly List<WeakReference<DispatchSpan>> _spans = []; // from the inside
        int _count; // how many of them are in use

        /// <returns>The span of the call inside, if that has returned the same task.</returns>
        public DispatchSpan? Add(DispatchSpan span, Task task)
        {
            var inner = _count > 0 && _task.TryGetTarget(out var last) && last == task && Span(_count - 1) is { } one && one.IsBelow(span.Record) ? one : null;
            if (inner is null)
            {
                _count = 0;
                _task.SetTarget(task);
            }
            if (_count < _spans.Count)
                _spans[_count].SetTarget(span);
            else
                _spans.Add(new(span));
            _count++;
            return inner;
        }

        public void EndCompleted(object around)
        {
            if (_count == 0 || !_task.TryGetTarget(out var task) || !task.IsCompleted)
                return; // the caller really waits, or does something else first
            if (Span(_count - 1) is { Record.IsStopped: false })
                EndBelow(around, task);
            else
                _count = 0;
        }

        void EndBelow(object around, Task task)
        {
            List<DispatchSpan> spans = [];
            for (var i = 0; i < _count; i++)
            {
                if (Span(i) is { } span && span.IsBelow(around))
                    spans.Add(span);
            }
            if (spans.Count == 0)
                return;
            _count = 0;
            if (ExecutionContext.Capture() is { } context)
                ExecutionContext.Run(context, _ => EndAll(), null); // whatever they do, the flow stays as it is
            else
                EndAll();

            void EndAll() => spans.ForEach(span => span.Finish(null, task));
        }

        DispatchSpan? Span(int i) => _spans[i].TryGetTarget(out var span) ? span : null;
    }
}
