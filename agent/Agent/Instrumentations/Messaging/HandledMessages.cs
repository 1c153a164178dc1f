using System.Diagnostics;
using System.Threading.Tasks.Sources;
using Agent.Tracing;

namespace Agent.Instrumentations.Messaging;

/// <summary>
/// The messages that an app takes one after the other, with a span around what it does with each: from when it gets it until it asks for the next. The
/// messages are the library's own; only the sequence of them is not. That the span encloses the app's code is done where that code is sure to be: while it asks,
/// and while it takes the answer, which for a task that had to be waited for is after its continuation has begun.
/// </summary>
[StackTraceHidden]
sealed class HandledMessages<T>(IAsyncEnumerable<T> inner, Func<T, DispatchSpan?> begin) : IAsyncEnumerable<T>
{
    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default) => new Enumerator(inner.GetAsyncEnumerator(cancellationToken), begin);

    [StackTraceHidden]
    sealed class Enumerator(IAsyncEnumerator<T> inner, Func<T, DispatchSpan?> begin) : IAsyncEnumerator<T>, IValueTaskSource<bool>
    {
        ManualResetValueTaskSourceCore<bool> _core;
        ValueTask<bool> _next;
        Action? _hasNext;
        DispatchSpan? _span;

        public T Current => inner.Current;

        public ValueTask<bool> MoveNextAsync()
        {
            End();
            var next = inner.MoveNextAsync();
            if (next.IsCompletedSuccessfully)
                return new(Begin(next.Result));
            _core.Reset();
            _next = next;
            next.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(_hasNext ??= HasNext);
            return new(this, _core.Version);
        }

        public ValueTask DisposeAsync()
        {
            End();
            return inner.DisposeAsync();
        }

        void HasNext()
        {
            try
            {
                _core.SetResult(_next.GetAwaiter().GetResult());
            }
            catch (Exception e)
            {
                _core.SetException(e);
            }
        }

        bool Begin(bool isMore)
        {
            if (isMore)
                _span = begin(inner.Current);
            return isMore;
        }

        void End()
        {
            _span?.End(null);
            _span = null;
        }

        bool IValueTaskSource<bool>.GetResult(short token) => Begin(_core.GetResult(token));

        ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _core.GetStatus(token);

        void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) => _core.OnCompleted(continuation, state, token, flags);
    }
}
