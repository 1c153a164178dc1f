using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Agent.Torture.Workload;

/// <summary>Exceptions through framework code and back: filters, finally, rethrown, from hardware, from reflection and type initialisers.</summary>
static class ExceptionWork
{
    static class Broken
    {
        public static readonly int Value = int.Parse("broken", null);
    }

    sealed class Finalised(StrongBox<int> count)
    {
        ~Finalised() => Interlocked.Increment(ref count.Value);
    }

    public static void Run(Transcript to)
    {
        to.Section("exceptions");
        to.Throws("null reference", () => Length(null!));
        to.Throws("index", () => _ = (new int[3])[Three()]);
        to.Throws("division", () => _ = 1 / (Three() - 3));
        to.Throws("cast", () => _ = (string)(object)Three());
        to.Throws("array type", () => ((object[])new string[1])[0] = 1);
        to.Throws("type initialiser", () => _ = Broken.Value);
        to.Throws("reflection", () => typeof(ExceptionWork).GetMethod(nameof(Length), BindingFlags.NonPublic | BindingFlags.Static)!.Invoke(null, [null]));
        to.Throws("created", () => Activator.CreateInstance(typeof(Transcript), "too", "many"));
        to.Throws("delegate", () => Delegate.CreateDelegate(typeof(Action), typeof(string), "Missing"));
        try
        {
            NativeLibrary.Load("there-is-no-such-library");
        }
        catch (DllNotFoundException)
        {
            // The first of a process has another text on .NET 11 (findings/first-dll-not-found.sh).
        }
        to.Throws("missing library", () => NativeLibrary.Load("there-is-no-such-library"));
        to.Throws("finally order", FinallyOrder);
        to.Throws("rethrown", () => Rethrow(captured: false));
        to.Throws("captured", () => Rethrow(captured: true));
        to.Throws("not enough stack", () => Deep(0));
        to.Add("filters", Filters());
        to.Add("through sort", ThroughFramework());
        to.Add("dispose", Disposing());
        to.Add("finalisers", Finalisers());
        to.Add("dynamic", Proxy());
        to.Add("weak", Weak());
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static int Three() => 3;

    static int Length(string text) => text.Length;

    static void FinallyOrder()
    {
        var order = new List<string>();
        try
        {
            try
            {
                order.ForEach(_ => { });
                throw new InvalidOperationException("first");
            }
            finally
            {
                order.Add("inner");
            }
        }
        catch (InvalidOperationException e)
        {
            throw new AggregateException(string.Join(" ", order), e);
        }
        finally
        {
            order.Add("outer");
        }
    }

    static void Rethrow(bool captured)
    {
        try
        {
            _ = Enumerable.Range(0, 3).Select(number => 1 / number).ToArray();
        }
        catch (DivideByZeroException e) when (captured)
        {
            ExceptionDispatchInfo.Capture(e).Throw();
        }
        catch (DivideByZeroException)
        {
            throw;
        }
    }

    static int Deep(int depth)
    {
        if (depth > 1_000)
            throw new InsufficientExecutionStackException("deep enough");
        return Enumerable.Repeat(depth, 1).Select(number => number > 5 ? throw new InvalidOperationException($"deep {number}") : Deep(number + 1)).Sum();
    }

    static string Filters()
    {
        var seen = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            try
            {
                try
                {
                    throw i % 2 == 0 ? new ArgumentException($"a{i}") : new InvalidOperationException($"b{i}");
                }
                catch (ArgumentException e) when (Note(seen, e) && i > 1)
                {
                    seen.Add("argument");
                }
                finally
                {
                    seen.Add("finally");
                }
            }
            catch (Exception e)
            {
                seen.Add($"outer {e.Message}");
            }
        }
        return string.Join(" ", seen);
    }

    static bool Note(List<string> seen, Exception e)
    {
        seen.Add($"filter {e.Message}");
        return true;
    }

    static string ThroughFramework()
    {
        try
        {
            Array.Sort(new[] { 2, 1, 3 }, Comparer<int>.Create((_, _) => throw new TimeoutException("from comparer")));
            return "nothing";
        }
        catch (InvalidOperationException e) when (e.InnerException is TimeoutException inner)
        {
            return inner.Message;
        }
    }

    static string Disposing()
    {
        var text = new StringWriter();
        try
        {
            using var closing = new CancellationTokenSource();
            closing.Token.Register(() => text.Write("callback "));
            closing.Token.Register(() => throw new InvalidOperationException("in callback"));
            closing.Cancel();
        }
        catch (AggregateException e)
        {
            text.Write(e.InnerExceptions.Count);
        }
        return text.ToString();
    }

    static bool Finalisers()
    {
        var count = new StrongBox<int>();
        Make(count);
        for (var i = 0; i < 10 && count.Value < 50; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        return count.Value >= 50;

        [MethodImpl(MethodImplOptions.NoInlining)]
        static void Make(StrongBox<int> count)
        {
            for (var i = 0; i < 60; i++)
                _ = new Finalised(count);
        }
    }

    static string Proxy() => DispatchProxy.Create<IGreet, Greeter>().Greet("Ada", 2);

    static string Weak()
    {
        var table = new ConditionalWeakTable<string, StrongBox<int>>();
        var key = new string('k', 3);
        table.GetOrCreateValue(key).Value = 4;
        GC.Collect();
        table.TryGetValue(key, out var found);
        var weak = new WeakReference<string>(key);
        GC.KeepAlive(key);
        return $"{found?.Value} {weak.TryGetTarget(out _)}";
    }
}
