using System.Diagnostics;
using System.Reflection;

namespace Agent.Instrumentations.Methods;

/// <summary>What an async iterator method returns, with a span around each enumeration; between two elements the consumer's own is current.</summary>
[StackTraceHidden]
sealed class TracedAsyncEnumerable<T>(IAsyncEnumerable<T> inner, MethodBase method) : IAsyncEnumerable<T>
{
    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default) => new Enumerator(inner.GetAsyncEnumerator(cancellationToken), method);

    sealed class Enumerator(IAsyncEnumerator<T> inner, MethodBase method) : IAsyncEnumerator<T>
    {
        MethodSpan? _span;
        bool _hasBegun;

        public T Current => inner.Current;

        // Not async itself: the iterator goes on in the execution context that it finds here, with the span as the current one, and the
        // caller gets its own back at once.
        public ValueTask<bool> MoveNextAsync()
        {
            var before = Activity.Current;
            if (!_hasBegun)
            {
                _hasBegun = true;
                _span = MethodSpan.TryBegin(method);
            }
            else
            {
                _span?.Resume();
            }
            try
            {
                return _span is null ? inner.MoveNextAsync() : Watch(inner.MoveNextAsync(), _span);
            }
            finally
            {
                MethodSpan.Pause(before);
            }
        }

        async ValueTask<bool> Watch(ValueTask<bool> next, MethodSpan span)
        {
            try
            {
                var isMore = await next.ConfigureAwait(false);
                if (!isMore)
                    End(span, null);
                return isMore;
            }
            catch (Exception e)
            {
                End(span, e);
                throw;
            }
        }

        public async ValueTask DisposeAsync()
        {
            var span = _span;
            span?.Resume(); // the caller's own comes back when an async method returns
            try
            {
                await inner.DisposeAsync().ConfigureAwait(false);
                if (span is not null)
                    End(span, null);
            }
            catch (Exception e) when (span is not null)
            {
                End(span, e);
                throw;
            }
        }

        void End(MethodSpan span, Exception? exception)
        {
            span.End(exception);
            _span = null;
        }
    }
}
