using System.Reflection;
using Agent.Instrumentations.Methods;

namespace Agent.UnitTests;

[TestClass]
public sealed class MethodSpanTests : IDisposable
{
    readonly Spans _spans = new(Names.MethodSource);

    public void Dispose() => _spans.Dispose();

    /// <summary>A service that lives as long as the process: each call would leave a span and a continuation in its task.</summary>
    [TestMethod]
    public void A_task_that_is_handed_out_again_is_not_waited_for_again()
    {
        var life = new TaskCompletionSource();
        Call(nameof(Completion), life.Task);
        Assert.IsEmpty(_spans.Ended);
        Call(nameof(Completion), life.Task);
        Call(nameof(Completion), life.Task);
        Assert.HasCount(2, _spans.Ended);
        Call(nameof(Another), life.Task); // which waits for the same
        Assert.HasCount(2, _spans.Ended);
        CallByValue(nameof(Another), life.Task);
        Assert.HasCount(3, _spans.Ended);
        life.SetResult();
        Assert.HasCount(5, _spans.Ended);
        Call(nameof(Completion), life.Task);
        Assert.HasCount(6, _spans.Ended);
    }

    static void Call(string method, Task task)
    {
        MethodCall.Begin(typeof(MethodSpanTests).GetMethod(method, BindingFlags.NonPublic | BindingFlags.Static)!, out var span);
        Assert.IsNotNull(span);
        MethodCall.EndTask(null, task, span);
    }

    static void CallByValue(string method, Task task)
    {
        MethodCall.Begin(typeof(MethodSpanTests).GetMethod(method, BindingFlags.NonPublic | BindingFlags.Static)!, out var span);
        var result = new ValueTask(task);
        MethodCall.EndValueTask(null, ref result, span);
    }

    static void Completion() { }

    static void Another() { }
}
