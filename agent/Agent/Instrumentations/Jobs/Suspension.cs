using System.Runtime.CompilerServices;

namespace Agent.Instrumentations.Jobs;

/// <summary>
/// Whether a runtime-async method has had to wait, asked from inside of it, where its task is not to be seen. When such a method is suspended, the
/// thread gets the context of its caller back, and an AsyncLocal can be told of that. Code that runs in another context in between, as callbacks of a
/// cancellation do, looks the same; but only a method that was suspended goes on elsewhere: on another thread, or at another place of the stack.
/// </summary>
sealed class Suspension
{
    /// <summary>Bytes of stack between a method and what it calls at its beginning, or at its end; the two differ by less.</summary>
    const long SameFrame = 1024;

    static readonly AsyncLocal<Suspension?> Inside = new(static change =>
    {
        if (change is { ThreadContextChanged: true, PreviousValue: { } left } && left._thread == Environment.CurrentManagedThreadId)
            left._hasLeft = true;
    });

    readonly int _thread = Environment.CurrentManagedThreadId;
    readonly nint _stack;
    bool _hasLeft;

    Suspension(nint stack) => _stack = stack;

    /// <summary>To be called at the end of the method, by what it calls itself.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public unsafe bool HasHappened()
    {
        byte here;
        return _hasLeft && (_thread != Environment.CurrentManagedThreadId || Math.Abs((nint)(&here) - _stack) > SameFrame);
    }

    /// <summary>To be called at the beginning of the method.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static unsafe Suspension Watch()
    {
        byte here;
        return Inside.Value = new Suspension((nint)(&here));
    }
}
