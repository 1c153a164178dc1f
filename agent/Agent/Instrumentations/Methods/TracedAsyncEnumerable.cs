using System.Diagnostics;
using System.Reflection;
using Agent.Tracing;

namespace Agent.Instrumentations.Methods;

/// <summary>What an async iterator method returns, with a span around each enumeration.</summary>
[StackTraceHidden]
sealed class TracedAsyncEnumerable<T>(IAsyncEnumerable<T> inner, MethodBase method) : IAsyncEnumerable<T>
{
    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
        new Enumerator(inner.GetAsyncEnumerator(cancellationToken), new Enumeration(method));

    sealed class Enumerator(IAsyncEnumerator<T> inner, Enumeration enumeration) : IAsyncEnumerator<T>
    {
        public T Current => inner.Current;

        // Not async itself: the iterator goes on in the execution context that it finds here, inside of the span, and the
        // caller gets its own back at once.
        public ValueTask<bool> MoveNextAsync()
        {
            var before = enumeration.Enter();
            try
            {
                return enumeration.IsTraced ? Watch(inner.MoveNextAsync()) : inner.MoveNextAsync();
            }
            finally
            {
                CurrentSpan.Scope = before;
            }
        }

        async ValueTask<bool> Watch(ValueTask<bool> next)
        {
            try
            {
                var isMore = await next.ConfigureAwait(false);
                if (!isMore)
                    enumeration.End(null);
                return isMore;
            }
            catch (Exception e)
            {
                enumeration.End(e);
                throw;
            }
        }

        public async ValueTask DisposeAsync()
        {
            enumeration.EnterLast(); // the caller's own comes back when an async method returns
            try
            {
                await inner.DisposeAsync().ConfigureAwait(false);
                enumeration.End(null);
            }
            catch (Exception e)
            {
                enumeration.End(e);
                throw;
            }
        }
    }
}
