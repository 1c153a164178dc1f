using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace HarmonyLib.Tests.Documentation;

/// <summary>harmony.pardeike.net, «Utilities» and the reference pages of what it names.</summary>
[TestClass]
public sealed partial class UtilitiesPageTests : PatchingTest
{
    class Ancestor
    {
        string _inherited = "old";

        public string Inherited => _inherited;

        public string Rename(string to) => _inherited = to;

        protected virtual string Cry(int times) => string.Concat(Enumerable.Repeat("…", times));

        public string Call(int times) => Cry(times);
    }

    sealed class Person : Ancestor
    {
        static int s_count = 3;
        int _age = 30;
        readonly Inner _inner = new();

        string Name { get; set; } = "Ada";

        public int this[int index] => index * 2;

        event Action? Grown;

        public static int Count => s_count;

        int Older(int years) => _age + years;

        string Older(string text) => $"{_age}{text}";

        protected override string Cry(int times) => "ha" + times;

        public void Grow()
        {
            _age++;
            Grown?.Invoke();
        }

        public override string ToString() => $"{Name} {_age} {Older(0)} {Older("")} {_inner}";

        internal sealed class Inner
        {
            readonly List<int> _numbers = [1, 2];
            static readonly string s_shared = "shared";

            public static string Shared => s_shared;

            public override string ToString() => string.Join(',', _numbers);
        }
    }

    struct Pair(int left)
    {
        int _left = left;

        public int Left => _left++;

        readonly int Twice(int factor) => _left * factor;

        public override readonly string ToString() => $"{Twice(1)}";
    }

    // AccessTools

    [TestMethod]
    public void Nothing_is_found_without_a_type_or_a_name()
    {
        Assert.IsNull(AccessTools.Field(null, "x"));
        Assert.IsNull(AccessTools.Field(typeof(Person), null));
        Assert.IsNull(AccessTools.DeclaredField((Type?)null, "x"));
        Assert.IsNull(AccessTools.DeclaredField(typeof(Person), 99));
        Assert.IsNull(AccessTools.Property(null, "x"));
        Assert.IsNull(AccessTools.PropertyGetter(typeof(Person), null));
        Assert.IsNull(AccessTools.Method((Type?)null, "x"));
        Assert.IsNull(AccessTools.DeclaredMethod(typeof(Person), null));
        Assert.IsNull(AccessTools.Constructor(null));
        Assert.IsNull(AccessTools.DeclaredConstructor(null));
        Assert.IsNull(AccessTools.Inner(null, "x"));
        Assert.IsNull(AccessTools.FirstInner(typeof(Person), null));
        Assert.IsNull(AccessTools.FirstMethod(null, static _ => true));
        Assert.IsNull(AccessTools.TypeByName(null));
        Assert.IsNull(AccessTools.Method((string?)null));
        Assert.IsEmpty(AccessTools.GetDeclaredMethods(null));
        Assert.IsEmpty(AccessTools.GetFieldNames(null));
        Assert.IsNull(AccessTools.EnumeratorMoveNext(null));
        Assert.IsNull(AccessTools.Method("No.Such.Type:Member"));
    }

    static class Overloads
    {
        public static void Run(int number) => _ = number;
        public static void Run() { }
        public static void Other(int number) => _ = number;
        public static void Other(string text) => _ = text;
    }

    [TestMethod]
    public void Of_several_methods_the_one_without_parameters()
    {
        Assert.IsEmpty(AccessTools.Method(typeof(Overloads), "Run")!.GetParameters());
        Assert.ThrowsExactly<AmbiguousMatchException>(() => AccessTools.Method(typeof(Overloads), "Other"));
        Assert.ThrowsExactly<AmbiguousMatchException>(() => AccessTools.DeclaredMethod(typeof(Overloads), "Run"));
        Assert.AreEqual("Older", AccessTools.Method(typeof(Person), "Older", [typeof(string)])!.Name);
    }

    [TestMethod]
    public void A_type_by_its_simple_name()
    {
        Assert.AreSame(typeof(UtilitiesPageTests), AccessTools.TypeByName(nameof(UtilitiesPageTests)));
        Assert.AreSame(typeof(UtilitiesPageTests), AccessTools.TypeByName(typeof(UtilitiesPageTests).FullName));
        Assert.IsNull(AccessTools.TypeByName("NoSuchTypeAnywhere"));
        Assert.AreSame(typeof(UtilitiesPageTests), AccessTools.TypeSearch(new Regex("Documentation\\.UtilitiesPage")));
    }

    [TestMethod]
    public void Members_of_every_kind()
    {
        Assert.AreEqual("_age", AccessTools.DeclaredField(typeof(Person), 0)!.IsStatic ? "_age" : AccessTools.DeclaredField(typeof(Person), 0)!.Name);
        Assert.AreEqual("_inherited", AccessTools.Field(typeof(Person), "_inherited")!.Name);
        Assert.AreEqual(6, AccessTools.IndexerGetter(typeof(Person), [typeof(int)])!.Invoke(new Person(), [3]));
        Assert.AreEqual("add_Grown", AccessTools.EventAdder(typeof(Person), "Grown")!.Name);
        Assert.AreEqual("remove_Grown", AccessTools.DeclaredEventRemover(typeof(Person), "Grown")!.Name);
        Assert.AreSame(typeof(Person.Inner), AccessTools.InnerTypes(typeof(Person)).Single());
        Assert.AreEqual("Rename", AccessTools.FindIncludingBaseTypes(typeof(Person), static type => type.GetMethod("Rename", AccessTools.allDeclared))!.Name);
        Assert.IsTrue(AccessTools.FirstConstructor(typeof(Person), static _ => true)!.IsPublic);
        Assert.AreEqual(typeof(int), AccessTools.FirstProperty(typeof(Person), static property => property.PropertyType == typeof(int) && property.GetIndexParameters().Length == 1)!.GetUnderlyingType());
        Assert.AreEqual(typeof(void), AccessTools.GetReturnedType(typeof(Person).GetConstructors()[0]));
        Assert.IsFalse(typeof(Person).GetMethod(nameof(Ancestor.Rename))!.IsDeclaredMember());
        Assert.IsTrue(typeof(Person).GetMethod(nameof(Ancestor.Rename))!.GetDeclaredMember().IsDeclaredMember());
        Assert.Contains("_age", AccessTools.GetFieldNames(new Person()));
        Assert.Contains("Name", AccessTools.GetPropertyNames(typeof(Person)));
        Assert.Contains("Older", AccessTools.GetMethodNames(typeof(Person)));
    }

    [TestMethod]
    public void What_types_are()
    {
        Assert.IsTrue(AccessTools.IsStruct(typeof(Pair)) && AccessTools.IsStruct(typeof(Guid)) && !AccessTools.IsStruct(typeof(int)) && !AccessTools.IsStruct(typeof(void)));
        Assert.IsTrue(AccessTools.IsClass(typeof(string)) && !AccessTools.IsClass(typeof(int)));
        Assert.IsTrue(AccessTools.IsValue(typeof(int)) && AccessTools.IsValue(typeof(DayOfWeek)) && !AccessTools.IsValue(typeof(Pair)));
        Assert.IsTrue(AccessTools.IsInteger(typeof(ulong)) && !AccessTools.IsInteger(typeof(double)) && AccessTools.IsFloatingPoint(typeof(decimal)) && AccessTools.IsNumber(typeof(byte)));
        Assert.IsTrue(AccessTools.IsVoid(typeof(void)) && AccessTools.IsStatic(typeof(Overloads)) && AccessTools.IsStatic(typeof(Person).GetProperty("Count")!));
        Assert.IsTrue(AccessTools.IsOfNullableType((int?)3) && !AccessTools.IsOfNullableType(3));
        Assert.AreEqual(0, AccessTools.GetDefaultValue(typeof(int)));
        Assert.IsNull(AccessTools.GetDefaultValue(typeof(string)));
        Assert.AreEqual(new Person().ToString(), AccessTools.CreateInstance<Person>()!.ToString());
        CollectionAssert.AreEqual(new object?[] { "text", 5 }, AccessTools.ActualParameters(Method(typeof(UtilitiesPageTests), nameof(Takes)), [5L, 5, "text"]));
        Assert.IsTrue(AccessTools.IsNetCoreRuntime && !AccessTools.IsMonoRuntime && !AccessTools.IsNetFrameworkRuntime);
        Assert.AreEqual(nameof(What_types_are), AccessTools.GetOutsideCaller().Name);
        Assert.Contains("_age", Assert.ThrowsExactly<MissingMemberException>(() => AccessTools.ThrowMissingMemberException(typeof(Person), "a", "b")).Message);
    }

    static void Takes(string text, int number) => _ = text + number;

    [TestMethod]
    public void A_deep_copy()
    {
        var person = new Person();
        person.Grow();
        var copy = AccessTools.MakeDeepCopy<Person>(person)!;
        Assert.AreEqual(person.ToString(), copy.ToString());
        Assert.AreNotSame(Traverse.Create(person).Field("_inner").GetValue(), Traverse.Create(copy).Field("_inner").GetValue());
        CollectionAssert.AreEqual(new[] { 1, 2 }, (int[])AccessTools.MakeDeepCopy(new[] { 1, 2 }, typeof(int[]))!);
    }

    // fields and methods without reflection

    [TestMethod]
    public void References_to_fields()
    {
        var person = new Person();
        AccessTools.FieldRefAccess<Person, int>("_age")(person) = 7;
        Assert.AreEqual(7, AccessTools.FieldRefAccess<Person, int>(person, "_age"));
        AccessTools.FieldRefAccess<object, string>(AccessTools.Field(typeof(Ancestor), "_inherited")!)(person) = "new";
        Assert.AreEqual("new", AccessTools.FieldRefAccess<string>(typeof(Person), "_inherited")(person));
        Assert.AreEqual("new", person.Inherited);
        AccessTools.StaticFieldRefAccess<Person, int>("s_count") = 4;
        Assert.AreEqual(4, Person.Count);
        AccessTools.StaticFieldRefAccess<int>(typeof(Person), "s_count")--;
        Assert.AreEqual(3, AccessTools.StaticFieldRefAccess<int>(AccessTools.Field(typeof(Person), "s_count")!)());
        var pair = new Pair(1);
        AccessTools.StructFieldRefAccess<Pair, int>("_left")(ref pair) = 8;
        Assert.AreEqual(8, pair.Left);
        Assert.AreEqual(9, AccessTools.StructFieldRefAccess<Pair, int>(ref pair, "_left"));
    }

    [TestMethod]
    public void References_that_cannot_be()
    {
        Assert.ThrowsExactly<ArgumentException>(() => AccessTools.FieldRefAccess<Person, int>("missing"));
        Assert.ThrowsExactly<ArgumentException>(() => AccessTools.FieldRefAccess<Person, long>("_age"));
        Assert.ThrowsExactly<ArgumentException>(() => AccessTools.FieldRefAccess<object, int>(AccessTools.Field(typeof(Pair), "_left")!));
        Assert.ThrowsExactly<ArgumentException>(() => AccessTools.StaticFieldRefAccess<int>(AccessTools.Field(typeof(Person), "_age")!));
        Assert.ThrowsExactly<InvalidCastException>(() => AccessTools.FieldRefAccess<int>(typeof(Person), "_age")("no person"));
    }

    delegate int OnPair(ref Pair pair, int factor);

    [HarmonyDelegate(typeof(Person), "Older", typeof(int))]
    delegate int OlderDelegate(int years);

    [TestMethod]
    public void Delegates_of_methods()
    {
        var person = new Person();
        var older = AccessTools.Method(typeof(Person), "Older", [typeof(int)])!;
        Assert.AreEqual(35, AccessTools.MethodDelegate<Func<Person, int, int>>(older)(person, 5));
        Assert.AreEqual(35, AccessTools.MethodDelegate<Func<int, int>>(older, person)(5));
        Assert.AreEqual(35, AccessTools.MethodDelegate<Func<object, int, int>>(older)(person, 5));
        var cry = AccessTools.Method(typeof(Ancestor), "Cry")!;
        Assert.AreEqual("ha2", AccessTools.MethodDelegate<Func<Ancestor, int, string>>(cry)(person, 2));
        Assert.AreEqual("……", AccessTools.MethodDelegate<Func<Ancestor, int, string>>(cry, virtualCall: false)(person, 2));
        Assert.AreEqual("……", AccessTools.MethodDelegate<Func<int, string>>(cry, person, virtualCall: false)(2));
        var (twice, pair) = (AccessTools.Method(typeof(Pair), "Twice")!, new Pair(4));
        Assert.AreEqual(12, AccessTools.MethodDelegate<OnPair>(twice)(ref pair, 3));
        Assert.AreEqual(12, AccessTools.MethodDelegate<Func<Pair, int, int>>(twice)(pair, 3));
        Assert.AreEqual(12, AccessTools.MethodDelegate<Func<object, int, int>>(twice)(pair, 3));
        Assert.AreEqual(12, AccessTools.MethodDelegate<Func<int, int>>(twice, pair)(3));
        Assert.AreEqual(31, AccessTools.HarmonyDelegate<OlderDelegate>(person)(1));
    }

    [TestMethod]
    public void Fast_access()
    {
        var person = new Person();
        FastAccess.CreateSetterHandler<Person, int>(AccessTools.Field(typeof(Person), "_age")!)(person, 5);
        Assert.AreEqual(5, FastAccess.CreateGetterHandler<Person, int>(AccessTools.Field(typeof(Person), "_age")!)(person));
        FastAccess.CreateSetterHandler<Person, string>(AccessTools.Property(typeof(Person), "Name")!)(person, "Bob");
        Assert.AreEqual("Bob", FastAccess.CreateGetterHandler<Person, string>(AccessTools.Property(typeof(Person), "Name")!)(person));
        Assert.AreEqual("Bob", FastAccess.CreateFieldGetter<Person, string>("missing", "Name")(person));
        Assert.IsNotNull(FastAccess.CreateInstantiationHandler<Person>()());
        Assert.ThrowsExactly<ArgumentException>(FastAccess.CreateInstantiationHandler<string>);
    }

    static int Change(ref string text, int number, out int length)
    {
        text += number;
        length = text.Length;
        return number + 1;
    }

    [TestMethod]
    [TestCategory("NotUnderWine")]
    public void An_invoker_writes_references_back()
    {
        object?[] arguments = ["a", 5, null];
        Assert.AreEqual(6, MethodInvoker.GetHandler(Method(typeof(UtilitiesPageTests), nameof(Change)))(null, arguments));
        CollectionAssert.AreEqual(new object?[] { "a5", 5, 2 }, arguments);
        Assert.AreEqual("new", MethodInvoker.GetHandler(AccessTools.Method(typeof(Ancestor), nameof(Ancestor.Rename))!)(new Person(), "new"));
        Assert.ThrowsExactly<InvalidOperationException>(() => MethodInvoker.GetHandler(Method(typeof(Targets), nameof(Targets.Throws)))(null, "m"));
        Assert.AreSame(typeof(Func<int, int>), new DelegateTypeFactory().CreateDelegateType(AccessTools.Method(typeof(Person), "Older", [typeof(int)])!));
    }

    [TestMethod]
    public void Methods_by_expressions()
    {
        Assert.AreEqual(nameof(Targets.Nothing), SymbolExtensions.GetMethodInfo(() => Targets.Nothing()).Name);
        Assert.AreEqual(nameof(Ancestor.Rename), SymbolExtensions.GetMethodInfo<Person>(person => person.Rename("")).Name);
        Assert.AreEqual(nameof(Targets.Add), SymbolExtensions.GetMethodInfo<int, object>(number => Targets.Add(number, 1)).Name);
        System.Linq.Expressions.Expression<Func<Func<int, int, int>>> group = () => Targets.Add;
        Assert.AreEqual(nameof(Targets.Add), SymbolExtensions.GetMethodInfo(group).Name);
        Assert.ThrowsExactly<ArgumentException>(() => SymbolExtensions.GetMethodInfo<int, int>(number => number + 1));
    }

    // Traverse

    [TestMethod]
    public void Traverse_reads_writes_and_calls()
    {
        var person = new Person();
        var at = Traverse.Create(person);
        Assert.AreEqual(30, at.Field("_age").GetValue());
        Assert.AreEqual(31, at.Field("_age").SetValue(31).GetValue<int>());
        Assert.AreEqual("Ada", at.Property<string>("Name").Value);
        at.Property<string>("Name").Value = "Eve";
        Assert.AreEqual("Eve", at.Property("Name").GetValue());
        Assert.AreEqual(33, at.Method("Older", 2).GetValue());
        Assert.AreEqual("31!", at.Method("Older", "!").GetValue<string>());
        Assert.AreEqual(36, at.Method("Older", [typeof(int)]).GetValue<int>(5));
        Assert.AreEqual(6, at.Property("Item", [3]).GetValue());
        Assert.AreEqual(3, Traverse.Create<Person>().Field("s_count").GetValue());
        Assert.AreEqual("shared", Traverse.Create<Person>().Type("Inner").Field("s_shared").GetValue());
        Assert.AreEqual("shared", Traverse.CreateWithType(typeof(Person).FullName!).Type("Inner").Property("Shared").GetValue());
        Assert.AreEqual(2, at.Field("_inner").Field("_numbers").Property("Count").GetValue());
        Assert.AreEqual("old", at.Field("_inherited").GetValue());
        Assert.AreEqual(typeof(int), at.Field("_age").GetValueType());
        Assert.AreEqual("31", at.Field("_age").ToString());
    }

    [TestMethod]
    public void Traverse_goes_on_with_nothing()
    {
        var at = Traverse.Create(new Person());
        Assert.IsNull(at.Field("missing").Field("more").Property("yet more").Method("again").GetValue());
        Assert.AreEqual(0, at.Field("missing").GetValue<int>());
        Assert.IsNull(Traverse.Create((object?)null).Field("x").GetValue());
        Assert.IsFalse(at.Field("missing").FieldExists() || at.Property("missing").PropertyExists() || at.Method("missing").MethodExists() || at.Type("Missing").TypeExists());
        Assert.IsTrue(at.Field("_age").FieldExists() && at.Field("_age").IsField && at.Property("Name").PropertyExists() && at.Method("Older", 1).MethodExists() && at.Type("Inner").TypeExists());
        Assert.ThrowsExactly<InvalidOperationException>(() => at.Method("Older", 1).SetValue(1));
        at.Field("missing").SetValue(5);
    }

    sealed class Source
    {
        public int A = 1;
        public string B { get; set; } = "b";
    }

    [TestMethod]
    public void Traverse_walks_over_fields_and_properties()
    {
        var (from, to) = (new Source { A = 5, B = "x" }, new Source());
        Traverse.IterateFields(from, static field => Seen.Add(field.GetValue()));
        Traverse.IterateProperties(from, static property => Seen.Add(property.GetValue()));
        Traverse.IterateProperties(from, to, Traverse.CopyFields);
        Assert.AreEqual("x", to.B);
        Traverse.IterateFields(from, to, static (name, source, target) => Seen.Add($"{name}={source.GetValue()}/{target.GetValue()}"));
        AssertSeen(5, "x", "x", "A=5/1", "<B>k__BackingField=x/x");
        CollectionAssert.AreEqual(new[] { "B" }, Traverse.Create(from).Properties());
        Assert.Contains("A", Traverse.Create(from).Fields());
        Assert.Contains("get_B", Traverse.Create(from).Methods());
    }

    // extensions

    [TestMethod]
    public void Descriptions()
    {
        Assert.AreEqual("System.Collections.Generic.Dictionary<System.String, System.Int32[]>", typeof(Dictionary<string, int[]>).FullDescription());
        Assert.AreEqual("null", ((Type?)null).FullDescription());
        Assert.AreEqual("static System.Int32 HarmonyLib.Tests.Targets::Add(System.Int32 left, System.Int32 right)", Method(typeof(Targets), nameof(Targets.Add)).FullDescription());
        Assert.AreEqual("(System.Int32, System.String)", new[] { typeof(int), typeof(string) }.Description());
        Assert.AreEqual("1|2", new[] { 1, 2 }.Join(delimiter: "|"));
        Assert.AreEqual("\"a\\\"\\n\"", "a\"\n".ToLiteral());
        Assert.IsTrue(typeof(OlderDelegate).HasHarmonyAttribute() && !typeof(Person).HasHarmonyAttribute());
        CollectionAssert.AreEqual(new[] { typeof(int), typeof(int) }, Method(typeof(Targets), nameof(Targets.Add)).GetParameters().Types());
        Assert.IsTrue(Method(typeof(Targets), nameof(Targets.Add)).HasMethodBody() && !typeof(IDisposable).GetMethod("Dispose")!.HasMethodBody());
        Assert.AreEqual(5, new Dictionary<string, object> { ["a"] = 5 }.GetTypedValue<int>("a"));
        Assert.IsNull(new Dictionary<string, object>().GetValueSafe("a"));
    }

    [TestMethod]
    public void Collections()
    {
        new[] { 1, 2, 3 }.DoIf(static number => number > 1, static number => Seen.Add(number));
        new[] { 1 }.AddItem(4).Do(static number => Seen.Add(number));
        CollectionAssert.AreEqual(new[] { 1, 2 }, new[] { 1 }.AddToArray(2));
        CollectionAssert.AreEqual(new[] { 2 }, ((int[]?)null).AddToArray(2));
        CollectionAssert.AreEqual(new[] { 1, 2, 3 }, new[] { 1 }.AddRangeToArray([2, 3]));
        AssertSeen(2, 3, 1, 4);
    }

    // FileLog, DEBUG

    [TestMethod]
    public void Nothing_is_logged_unless_somebody_asks()
    {
        Assert.IsNull(FileLog.LogPath);
        FileLog.Log("nowhere");
        var file = Path.GetTempFileName();
        try
        {
            Environment.SetEnvironmentVariable("HARMONY_LOG_FILE", file);
            FileLog.ChangeIndent(1);
            FileLog.LogBuffered("buffered");
            FileLog.ChangeIndent(-1);
            FileLog.Debug("not without DEBUG");
            FileLog.Log("first");
            FileLog.FlushBuffer();
            CollectionAssert.AreEqual(new[] { "first", "\tbuffered" }, File.ReadAllLines(file));
            Environment.SetEnvironmentVariable("HARMONY_NO_LOG", "1");
            FileLog.Log("no more");
            Environment.SetEnvironmentVariable("HARMONY_NO_LOG", null);
            FileLog.Reset();
            Assert.IsFalse(File.Exists(file));
        }
        finally
        {
            Environment.SetEnvironmentVariable("HARMONY_LOG_FILE", null);
            Environment.SetEnvironmentVariable("HARMONY_NO_LOG", null);
            File.Delete(file);
        }
    }

    [TestMethod]
    public void DEBUG_is_said_to_be_without_effect()
    {
        Harmony.DEBUG = true;
        _ = new Harmony("debug");
        _ = new Harmony("debug");
        Harmony.DEBUG = false;
        lock (Engine.Reports)
        {
            Assert.AreEqual("Harmony.DEBUG has no effect here: there is no log of replaced methods", Engine.Reports.Single());
            Engine.Reports.Clear();
        }
    }

    // HarmonyMethod, what Patch returns, the stack

    static void Prefix() => Seen.Add(new StackFrame(1).GetMethod());

    [TestMethod]
    public void Descriptions_of_methods_are_merged()
    {
        var merged = HarmonyMethod.Merge([new() { methodName = "A", priority = 3 }, new() { methodName = "B" }]);
        Assert.AreEqual(("B", 3), (merged.methodName, merged.priority));
        Assert.AreEqual("HarmonyMethod[methodname: B, priority: 3]", merged.ToString());
        Assert.AreEqual(("A", 3), (new HarmonyMethod { methodName = "A" }.Merge(new() { priority = 3 }).methodName, merged.Clone().priority));
        Assert.AreEqual("Older", HarmonyMethodExtensions.GetMergedFromType(typeof(OlderDelegate)).methodName);
        Assert.Contains("priority", HarmonyMethod.HarmonyFields());
        HarmonyMethod? fromMethod = Method(typeof(UtilitiesPageTests), nameof(Prefix)), fromDelegate = (Action)Prefix;
        Assert.AreSame(fromMethod!.method, fromDelegate!.method);
    }

    [TestMethod]
    public void The_original_of_a_replacement_and_of_a_frame()
    {
        var target = Method(typeof(Targets), nameof(Targets.Nothing));
        Assert.IsNull(Harmony.GetOriginalMethod(target));
        Assert.AreSame(target, Harmony.GetOriginalMethod(Guarded.Patch(target, Method(typeof(UtilitiesPageTests), nameof(Prefix)))));
        Targets.Nothing();
        AssertSeen(target);
        Assert.AreEqual(nameof(The_original_of_a_replacement_and_of_a_frame), Harmony.GetMethodFromStackframe(new StackFrame())!.Name);
    }

    struct Amount(int value)
    {
        public int Value = value;

        [MethodImpl(MethodImplOptions.NoInlining)]
        public static Amount operator +(Amount left, Amount right) => new(left.Value + right.Value);

        [MethodImpl(MethodImplOptions.NoInlining)]
        public static implicit operator int(Amount amount) => amount.Value;
    }

    [HarmonyPatch(typeof(Amount), MethodType.OperatorAddition)]
    static class OfAddition
    {
        static void Postfix(ref Amount __result) => __result.Value += 100;
    }

    [HarmonyPatch(typeof(Amount), MethodType.OperatorImplicit)]
    static class OfConversion
    {
        static void Postfix(ref int __result) => __result = -__result;
    }

    [TestMethod]
    public void Operators_are_methods()
    {
        Guarded.CreateClassProcessor(typeof(OfAddition)).Patch();
        Guarded.CreateClassProcessor(typeof(OfConversion)).Patch();
        int sum = new Amount(1) + new Amount(2);
        Assert.AreEqual(-103, sum);
    }
}
