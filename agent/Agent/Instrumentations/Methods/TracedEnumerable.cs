using System.Collections;
using System.Diagnostics;
using System.Reflection;

namespace Agent.Instrumentations.Methods;

/// <summary>What an iterator method returns, with a span around each enumeration; between two elements the consumer's own is current.</summary>
[StackTraceHidden]
sealed class TracedEnumerable<T>(IEnumerable<T> inner, MethodBase method) : IEnumerable<T>
{
    public IEnumerator<T> GetEnumerator() => new Enumerator(inner.GetEnumerator(), method);

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    sealed class Enumerator(IEnumerator<T> inner, MethodBase method) : IEnumerator<T>
    {
        MethodSpan? _span;
        bool _hasBegun;

        public T Current => inner.Current;

        object? IEnumerator.Current => inner.Current;

        public bool MoveNext()
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
                var isMore = inner.MoveNext();
                if (!isMore)
                    End(null);
                return isMore;
            }
            catch (Exception e)
            {
                End(e);
                throw;
            }
            finally
            {
                MethodSpan.Pause(before);
            }
        }

        public void Reset() => inner.Reset();

        public void Dispose()
        {
            var before = Activity.Current;
            _span?.Resume();
            try
            {
                inner.Dispose();
                End(null);
            }
            catch (Exception e)
            {
                End(e);
                throw;
            }
            finally
            {
                MethodSpan.Pause(before);
            }
        }

        void End(Exception? exception)
        {
            _span?.End(exception);
            _span = null;
        }
    }
}
