using System.Collections;
using System.Diagnostics;
using System.Reflection;
using Agent.Tracing;

namespace Agent.Instrumentations.Methods;

/// <summary>What an iterator method returns, with a span around each enumeration.</summary>
[StackTraceHidden]
sealed class TracedEnumerable<T>(IEnumerable<T> inner, MethodBase method) : IEnumerable<T>
{
    public IEnumerator<T> GetEnumerator() => new Enumerator(inner.GetEnumerator(), new Enumeration(method));

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    sealed class Enumerator(IEnumerator<T> inner, Enumeration enumeration) : IEnumerator<T>
    {
        public T Current => inner.Current;

        object? IEnumerator.Current => inner.Current;

        public bool MoveNext()
        {
            var before = enumeration.Enter();
            try
            {
                var isMore = inner.MoveNext();
                if (!isMore)
                    enumeration.End(null);
                return isMore;
            }
            catch (Exception e)
            {
                enumeration.End(e);
                throw;
            }
            finally
            {
                CurrentSpan.Scope = before;
            }
        }

        public void Reset() => inner.Reset();

        public void Dispose()
        {
            var before = enumeration.EnterLast();
            try
            {
                inner.Dispose();
                enumeration.End(null);
            }
            catch (Exception e)
            {
                enumeration.End(e);
                throw;
            }
            finally
            {
                CurrentSpan.Scope = before;
            }
        }
    }
}
