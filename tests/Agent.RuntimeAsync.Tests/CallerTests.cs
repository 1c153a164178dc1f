using System.Diagnostics;
using System.Reflection;

namespace HarmonyLib.Tests;

/// <summary>
/// What callers see of a runtime-async method is the same with patches as without: results, the state of the task, exceptions with their frames,
/// AsyncLocals and the current activity; for every shape of method, kind of caller and ending. Each patch runs once for each call.
/// </summary>
[TestClass]
public sealed class CallerTests : PatchingTest
{
    static readonly string[] Shapes =
    [
        nameof(Source.StaticTask), nameof(Source.StaticTaskOf), nameof(Source.StaticTaskOfInt), nameof(Source.StaticValueTask), nameof(Source.StaticValueTaskOf),
        nameof(Source.StaticValueTaskOfStruct), nameof(Source.InstanceTaskOf), nameof(Source.InstanceValueTask), nameof(Source.VirtualTask), nameof(Source.VirtualValueTaskOf),
        nameof(Source.InTry), nameof(Source.InCatch), nameof(Source.InFinally), nameof(Source.InFilter),
    ];

    /// <summary>As the agent's spans do: the activity is current for what the method calls.</summary>
    static void Prefix(out Activity? __state)
    {
        Seen.Add("prefix");
        Call.Local.Value = $"{Call.Local.Value} and patched";
        __state = new Activity("span").Start();
    }

    static void Postfix() => Seen.Add("postfix");

    static void Finalizer(Exception? __exception, Activity? __state)
    {
        Seen.Add($"finalizer {__exception?.Message}");
        Seen.Add(Activity.Current == __state);
        __state!.Stop();
    }

    static Source? InstanceFor(MethodInfo method) => method.IsStatic ? null : new Source();

    public static IEnumerable<(string Shape, Caller Caller)> Cases => from shape in Shapes from caller in Enum.GetValues<Caller>() select (shape, caller);

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public async Task A_caller_sees_no_patch(string shape, Caller caller)
    {
        var method = Method(typeof(Source), shape);
        Assert.IsTrue(Compiled.AsRuntimeAsync(method));
        foreach (var ending in Enum.GetValues<Ending>())
        {
            var without = await Callers.Observe(caller, ending, method, InstanceFor(method));
            Patch(method, Prefix, Postfix, Finalizer);
            var with = await Callers.Observe(caller, ending, method, InstanceFor(method));
            Guarded.UnpatchAll();
            var after = await Callers.Observe(caller, ending, method, InstanceFor(method));

            CollectionAssert.AreEqual(without, after, $"{ending}, taken out: {string.Join(" | ", after)}");
            CollectionAssert.AreEqual(AsCallee(without), with, $"{ending}: {string.Join(" | ", with)}\nwithout: {string.Join(" | ", without)}");
            AssertCalledOnce(without);
        }
    }

    /// <summary>Inside, the prefix has been there: its AsyncLocal and its activity are seen.</summary>
    static List<string> AsCallee(List<string> log) =>
        [.. log.Select(line => line == "inside: set outside, outside" ? "inside: set outside and patched, span" : line == "then: set inside, outside" ? "then: set inside, span" : line)];

    static void AssertCalledOnce(List<string> log)
    {
        var failure = log.Find(line => line.Contains("Exception ", StringComparison.Ordinal))?.Split(',')[0].Split(' ', 2)[1];
        if (failure is null)
            AssertSeen("prefix", "postfix", "finalizer ", true);
        else
            AssertSeen("prefix", $"finalizer {failure}", true);
        Seen.Clear();
    }

    [TestMethod]
    [DataRow(typeof(int), 5)]
    [DataRow(typeof(string), "five")]
    public async Task Generic_methods(Type type, object value)
    {
        var method = Method(typeof(Source), nameof(Source.Generic));
        foreach (var ending in Enum.GetValues<Ending>())
        {
            var closed = method.MakeGenericMethod(type);
            var without = await Callers.Observe(Caller.Reflection, ending, closed, null, value);
            Patch(method, Prefix, Postfix, Finalizer);
            var with = await Callers.Observe(Caller.Reflection, ending, closed, null, value);
            Guarded.UnpatchAll();
            CollectionAssert.AreEqual(AsCallee(without), with, string.Join(" | ", with));
            AssertCalledOnce(without);
        }
    }

    [TestMethod]
    public async Task Methods_of_generic_types_and_of_value_types()
    {
        (MethodInfo Method, object? Instance, object?[] Arguments)[] cases =
        [
            (Method(typeof(GenericSource<int>), "Instance"), new GenericSource<int>(5), []),
            (Method(typeof(GenericSource<string>), "Instance"), new GenericSource<string>("five"), []),
            (Method(typeof(GenericSource<int>), "Static"), null, [5]),
            (Method(typeof(GenericSource<string>), "Static"), null, ["five"]),
            (Method(typeof(StructSource), "Add"), new StructSource(5), [6]),
        ];
        foreach (var (method, instance, arguments) in cases)
        {
            foreach (var ending in Enum.GetValues<Ending>())
            {
                var without = await Callers.Observe(Caller.Reflection, ending, method, instance, arguments);
                Patch(method, Prefix, Postfix, Finalizer);
                var with = await Callers.Observe(Caller.Reflection, ending, method, instance, arguments);
                Guarded.UnpatchAll();
                CollectionAssert.AreEqual(AsCallee(without), with, $"{method}: {string.Join(" | ", with)}");
                AssertCalledOnce(without);
            }
        }
    }

    static void Count() => Seen.Add("call");

    [TestMethod]
    public async Task An_override_and_its_base_are_patched_each_for_itself()
    {
        Patch(Method(typeof(Source), nameof(Source.VirtualTask)), Count);
        Source source = new DerivedSource();
        await source.VirtualTask(new Call(Ending.AtOnce), []);
        AssertSeen("call");
        Patch(Method(typeof(DerivedSource), nameof(Source.VirtualTask)), Count);
        await source.VirtualTask(new Call(Ending.AtOnce), []);
        Assert.HasCount(3, Seen);
    }
}
