using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace HarmonyLib.Tests;

/// <summary>Everything in C# that is a method underneath, found as a patch author finds it.</summary>
[TestClass]
public sealed class MemberTests : PatchingTest
{
    sealed class Everything
    {
        readonly Dictionary<string, int> _items = [];
        EventHandler? _changed;

        public int Auto { get; set; }

        public string Initialized { get; init; } = "none";

        public int this[string key]
        {
            get => _items.GetValueOrDefault(key);
            set => _items[key] = value;
        }

        public string this[int first, int second] => $"{first} {second}";

        public event EventHandler? Changed
        {
            add => _changed += value;
            remove => _changed -= value;
        }

        public event EventHandler? Plain;

        public bool Raise()
        {
            Plain?.Invoke(this, EventArgs.Empty);
            _changed?.Invoke(this, EventArgs.Empty);
            return _changed is not null;
        }

        public static Everything operator +(Everything left, int right) => new() { Auto = left.Auto + right };

        public static explicit operator int(Everything value) => value.Auto;

        public static Func<int, int> Lambda() => static value => value + 1;

        public static Func<int, int> Closure(int offset) => value => value + offset;

        public static int Local(int value)
        {
            return Twice(value) + 1;

            static int Twice(int value) => value * 2;
        }
    }

    sealed class Finalized
    {
        ~Finalized() => Seen.Add("finalizer");
    }

    static MethodBase Annotated(string? name, MethodType kind, params Type[] argumentTypes) =>
        Target.Resolve(new HarmonyMethod { methodName = name, methodType = kind, argumentTypes = argumentTypes.Length == 0 ? null : argumentTypes }, typeof(Everything));

    static void Add100(ref int __result) => __result += 100;
    static void AddToValue(ref int value) => value += 10;
    static void SeeKey(string key) => Seen.Add(key);
    static void SeeFirst(int first, ref string __result) => __result += $" {first}";
    static void SeeInstance(object __instance) => Seen.Add(__instance.GetType().Name);
    static void Shout(ref string value) => value = value.ToUpperInvariant();

    [TestMethod]
    public void Properties()
    {
        Patch(Annotated(nameof(Everything.Auto), MethodType.Getter), postfix: Add100);
        Patch(Annotated(nameof(Everything.Auto), MethodType.Setter), AddToValue);
        Patch(Annotated(nameof(Everything.Initialized), MethodType.Setter), Shout, SeeInstance, SeeInstance);
        Assert.AreEqual(111, new Everything { Auto = 1 }.Auto);
        Assert.AreEqual("SET", new Everything { Initialized = "set" }.Initialized);
        AssertSeen("Everything", "Everything");
    }

    [TestMethod]
    public void Indexers()
    {
        Patch(Annotated(null, MethodType.Getter, typeof(string)), SeeKey, Add100);
        Patch(Annotated(null, MethodType.Setter, typeof(string)), AddToValue);
        Patch(Annotated(null, MethodType.Getter, typeof(int), typeof(int)), postfix: SeeFirst);
        var everything = new Everything { ["a"] = 1 };
        Assert.AreEqual(111, everything["a"]);
        Assert.AreEqual("3 4 3", everything[3, 4]);
        AssertSeen("a");
        Assert.Contains("several", Assert.ThrowsExactly<HarmonyException>(() => Annotated(null, MethodType.Getter)).Message);
    }

    static void SeeHandler(EventHandler value) => Seen.Add(value is null);

    [TestMethod]
    public void Events()
    {
        Patch(Annotated(nameof(Everything.Changed), MethodType.EventAdd), SeeHandler);
        Patch(Annotated(nameof(Everything.Changed), MethodType.EventRemove), SeeHandler);
        Patch(Annotated(nameof(Everything.Plain), MethodType.EventAdd), SeeHandler);
        var everything = new Everything();
        EventHandler handler = (_, _) => Seen.Add("raised");
        everything.Changed += handler;
        everything.Plain += handler;
        Assert.IsTrue(everything.Raise());
        everything.Changed -= handler;
        Assert.IsFalse(everything.Raise());
        AssertSeen(false, false, "raised", "raised", false, "raised");
    }

    [TestMethod]
    public void Operators_and_conversions()
    {
        static void AddToResult(Everything __result) => __result.Auto += 1000;
        Patch(Method(typeof(Everything), "op_Addition"), postfix: AddToResult);
        Patch(Method(typeof(Everything), "op_Explicit"), postfix: Add100);
        Assert.AreEqual(1103, (int)(new Everything { Auto = 1 } + 2));
    }

    [TestMethod]
    public void Lambdas_closures_and_local_functions()
    {
        var (lambda, closure) = (Everything.Lambda(), Everything.Closure(5));
        Patch(lambda.Method, AddToValue);
        Patch(closure.Method, postfix: Add100);
        Patch(typeof(Everything).GetMethods(AccessTools.allDeclared).Single(method => method.Name.Contains("Twice", StringComparison.Ordinal)), AddToValue);
        Assert.AreEqual(12, lambda(1));
        Assert.AreEqual((106, 107), (closure(1), Everything.Closure(6)(1)));
        Assert.AreEqual(23, Everything.Local(1));
    }

    static void Before() => Seen.Add("before");
    static void After() => Seen.Add("after");

    [TestMethod]
    [TestCategory("NotUnderWine")]
    public void Finalizers_of_objects()
    {
        Patch(Target.Resolve(new HarmonyMethod { methodType = MethodType.Finalizer }, typeof(Finalized)), Before, After);
        Forget();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        AssertSeen("before", "finalizer", "after");

        [MethodImpl(MethodImplOptions.NoInlining)]
        static void Forget() => GC.KeepAlive(new Finalized());
    }

    [TestMethod]
    public void Properties_of_anonymous_types_and_records()
    {
        var anonymous = new { Number = 1 };
        Patch(AccessTools.PropertyGetter(anonymous.GetType(), "Number")!, SeeInstance);
        Patch(Method(typeof(Pair), "ToString"), postfix: Exclaim);
        Assert.AreEqual(1, anonymous.Number);
        Assert.AreEqual("Pair { Left = 1, Right = 2 }!", new Pair(1, 2).ToString());
        Assert.HasCount(1, Seen);
    }

    sealed record Pair(int Left, int Right);

    static void Exclaim(ref string __result) => __result += "!";

    [TestMethod]
    [DataRow("System.Uri", "EscapeDataString", "a b", "a%20b!")]
    [DataRow("System.IO.Path", "GetFileName", "dir/file", "file!")]
    [DataRow("System.Net.WebUtility", "HtmlEncode", "<", "&lt;!")]
    public void Framework_methods_that_are_compiled_ahead_of_time(string type, string name, string argument, string expected)
    {
        var method = AccessTools.Method(AccessTools.TypeByName(type)!, name, [typeof(string)])!;
        Patch(method, postfix: Exclaim);
        Assert.AreEqual(expected, method.Invoke(null, [argument]));
        Guarded.UnpatchAll();
        Assert.AreEqual(expected[..^1], method.Invoke(null, [argument]));
    }

    [TestMethod]
    public void A_method_of_the_core_library_that_this_code_was_compiled_against()
    {
        Patch(AccessTools.Method(typeof(List<>), nameof(List<>.IndexOf), [typeof(List<>).GetGenericArguments()[0]])!, postfix: Add100);
        Assert.AreEqual(101, new List<int> { 5, 6 }.IndexOf(6));
        Assert.AreEqual(101, new List<string> { "a", "b" }.IndexOf("b"));
    }

    static class WithAttributes
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static int Optimized(int value) => value + 1;

        [MethodImpl(MethodImplOptions.NoOptimization)]
        public static int NotOptimized(int value) => value + 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static int Inlined(int value) => value + 1;

        [MethodImpl(MethodImplOptions.NoInlining)]
        public static int NotInlined(int value) => value + 1;

        [System.Diagnostics.StackTraceHidden, System.Diagnostics.DebuggerStepThrough]
        public static int Hidden(int value) => value + 1;

        [SkipLocalsInit]
        public static int SkipsLocals(int value)
        {
            Span<int> numbers = stackalloc int[4];
            numbers[3] = value + 1;
            return numbers[3];
        }
    }

    [TestMethod]
    public void Methods_with_attributes_for_the_compiler()
    {
        var methods = typeof(WithAttributes).GetMethods(AccessTools.allDeclared);
        var delegates = methods.Select(method => method.CreateDelegate<Func<int, int>>()).ToList();
        foreach (var method in delegates)
            Assert.AreEqual(2, method(1));
        foreach (var method in methods)
            Patch(method, AddToValue, Add100, Before);
        foreach (var method in delegates)
            Assert.AreEqual(112, method(1));
        Assert.AreEqual((112, 112), (WithAttributes.Inlined(1), WithAttributes.Optimized(1)));
        Guarded.UnpatchAll();
        foreach (var method in delegates)
            Assert.AreEqual(2, method(1));
        Assert.HasCount(methods.Length + 2, Seen);
    }

    [UnmanagedCallersOnly]
    static int FromNative(int value) => value + 1;

    [TestMethod]
    public unsafe void A_method_that_native_code_calls()
    {
        delegate* unmanaged<int, int> native = &FromNative;
        Assert.AreEqual(2, native(1));
        Patch(Method(typeof(MemberTests), nameof(FromNative)), AddToValue, Add100);
        Assert.AreEqual(112, native(1));
    }

    class Animal
    {
        public virtual Animal Copy() => new();
    }

    sealed class Dog : Animal
    {
        public override Dog Copy() => new();
    }

    static void SeeCopy(Dog __result) => Seen.Add(__result.GetType());

    [TestMethod]
    public void An_override_with_a_narrower_result()
    {
        Patch(Method(typeof(Dog), nameof(Dog.Copy)), postfix: SeeCopy);
        Assert.IsInstanceOfType<Dog>(((Animal)new Dog()).Copy());
        AssertSeen(typeof(Dog));
    }

    sealed class Lazy
    {
        [ThreadStatic] static int t_calls;
        readonly Lazy<int> _value = new(() => 5);

        public required string Name { get; init; }

        public int Value() => _value.Value + ++t_calls;

        public bool Matches(object other) => other is Lazy { Name: [_, 'd', ..] name } && name.Length == Name.Length;
    }

    [TestMethod]
    public void Thread_statics_lazies_and_patterns()
    {
        Patch(Method(typeof(Lazy), nameof(Lazy.Value)), Before, After, After);
        Patch(Method(typeof(Lazy), nameof(Lazy.Matches)), Before, After, After);
        var lazy = new Lazy { Name = "Ada" };
        Assert.AreEqual((6, 7), (lazy.Value(), lazy.Value()));
        Assert.IsTrue(lazy.Matches(lazy));
        Assert.IsFalse(lazy.Matches("Ada"));
        Assert.HasCount(12, Seen);
    }
}
