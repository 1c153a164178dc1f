using System.Globalization;
using System.Reflection;

namespace HarmonyLib.Tests;

/// <summary>A generic body belongs to all its instantiations, shared or not; each keeps its own types.</summary>
[TestClass]
public sealed class GenericTests : PatchingTest
{
    class Store<T>
    {
        public static int Count;
        public T? Last;
        string _note = "note";

        public virtual string Put(T item)
        {
            Last = item;
            Count++;
            return $"{typeof(T).Name} {item} {_note.Length}";
        }

        public static string Describe(T item) => $"{typeof(T).Name} {item}";

        public virtual string Both<TOther>(T item, TOther other) => $"{typeof(T).Name} {typeof(TOther).Name} {item} {other}";

        public virtual string Convert<TOther>(TOther other) => $"base {typeof(T).Name} {typeof(TOther).Name} {other}";

        public virtual T[] Repeat(T item, int count)
        {
            var items = new T[count];
            Array.Fill(items, item);
            return items;
        }

        public bool TryTake(out T? item)
        {
            item = Last;
            return Last is not null;
        }

        public void Note(string note) => _note = note;
    }

    sealed class Special<T> : Store<T>
    {
        public override string Convert<TOther>(TOther other) => $"special {typeof(T).Name} {typeof(TOther).Name} {other}";
    }

    struct Cell<T>
    {
        public T Value;

        public string Set(T value)
        {
            Value = value;
            return typeof(T).Name;
        }
    }

    interface IConvert
    {
        string Convert<T>(T value);
    }

    sealed class Converter : IConvert
    {
        public string Convert<T>(T value) => $"{typeof(T).Name} {value}";
    }

    static T? ThrowOrDefault<T>(bool fails) => fails ? throw new InvalidOperationException(typeof(T).Name) : default;

    static string Compare<T>(T left, T right) where T : IComparable<T> => left.CompareTo(right).ToString(CultureInfo.InvariantCulture);

    static void SeeInstance(object __instance) => Seen.Add(__instance.GetType().GenericTypeArguments[0].Name);
    static void SeeItem(object item) => Seen.Add(item);
    static void Exclaim(ref string __result) => __result += "!";
    static void SeeOriginal(MethodBase __originalMethod) => Seen.Add(__originalMethod);

    [TestMethod]
    public void A_method_of_a_generic_type_sees_its_own_instance_and_types()
    {
        Patch(Method(typeof(Store<>), "Put"), SeeInstance, Exclaim, SeeItem);
        Assert.AreEqual("String a 4!", new Store<string>().Put("a"));
        Assert.AreEqual("Int32 1 4!", new Store<int>().Put(1));
        Assert.AreEqual("Object o 4!", new Store<object>().Put("o"));
        Assert.AreEqual("Guid 00000000-0000-0000-0000-000000000000 4!", new Store<Guid>().Put(Guid.Empty));
        AssertSeen("String", "a", "Int32", 1, "Object", "o", "Guid", Guid.Empty);
    }

    [TestMethod]
    public void One_instantiation_stands_for_itself()
    {
        var target = Method(typeof(Store<string>), nameof(Store<>.Put));
        Patch(target, SeeInstance, SeeOriginal);
        new Store<int>().Put(1);
        new Store<object>().Put(1);
        AssertSeen();
        new Store<string>().Put("a");
        AssertSeen("String", target);
        Assert.AreSame(target, Guarded.GetPatchedMethods().Single());
        Assert.HasCount(1, Harmony.GetPatchInfo(Method(typeof(Store<>), nameof(Store<>.Put)))!.Prefixes);
    }

    [TestMethod]
    public void One_instantiation_finds_and_takes_out_its_own_and_what_is_for_all()
    {
        Patch(Method(typeof(Store<string>), nameof(Store<>.Put)), postfix: Exclaim);
        Assert.IsNull(Harmony.GetPatchInfo(Method(typeof(Store<int>), nameof(Store<>.Put))));
        Patch(Method(typeof(Store<>), nameof(Store<>.Put)), postfix: Exclaim);
        Assert.HasCount(1, Harmony.GetPatchInfo(Method(typeof(Store<int>), nameof(Store<>.Put)))!.Postfixes);
        Assert.AreEqual("String a 4!!", new Store<string>().Put("a"));
        Guarded.Unpatch(Method(typeof(Store<string>), nameof(Store<>.Put)), HarmonyPatchType.All);
        Assert.AreEqual("Int32 1 4", new Store<int>().Put(1));
    }

    [TestMethod]
    public void Static_fields_stay_one_per_instantiation()
    {
        Patch(Method(typeof(Store<>), nameof(Store<>.Put)), SeeInstance);
        (Store<byte>.Count, Store<sbyte>.Count) = (0, 0);
        new Store<byte>().Put(1);
        new Store<byte>().Put(2);
        new Store<sbyte>().Put(3);
        Assert.AreEqual((2, 1), (Store<byte>.Count, Store<sbyte>.Count));
    }

    [TestMethod]
    public void A_static_method_of_a_generic_type()
    {
        Patch(Method(typeof(Store<>), nameof(Store<>.Describe)), SeeItem, Exclaim);
        Assert.AreEqual("String a!", Store<string>.Describe("a"));
        Assert.AreEqual("Int64 2!", Store<long>.Describe(2));
        AssertSeen("a", 2L);
    }

    static void SeeBoth(object item, object other) => Seen.Add($"{item} {other}");

    [TestMethod]
    public void A_generic_method_of_a_generic_type()
    {
        Patch(Method(typeof(Store<>), nameof(Store<>.Both)), SeeBoth, Exclaim);
        Assert.AreEqual("String Int32 a 1!", new Store<string>().Both("a", 1));
        Assert.AreEqual("Int32 String 1 a!", new Store<int>().Both(1, "a"));
        Assert.AreEqual("Object Object x y!", new Store<object>().Both<object>("x", "y"));
        AssertSeen("a 1", "1 a", "x y");
    }

    [TestMethod]
    public void A_generic_virtual_method()
    {
        Patch(Method(typeof(Special<>), nameof(Special<>.Convert)), postfix: Exclaim);
        Assert.AreEqual("special String Int32 1!", ((Store<string>)new Special<string>()).Convert(1));
        Assert.AreEqual("special String String a!", ((Store<string>)new Special<string>()).Convert("a"));
        Assert.AreEqual("base String Int32 1", new Store<string>().Convert(1));
    }

    [TestMethod]
    public void A_generic_method_of_an_interface()
    {
        Patch(Method(typeof(Converter), nameof(Converter.Convert)), postfix: Exclaim);
        IConvert converter = new Converter();
        Assert.AreEqual("String a!", converter.Convert("a"));
        Assert.AreEqual("DateTimeKind Utc!", converter.Convert(DateTimeKind.Utc));
    }

    [TestMethod]
    public void Constrained_calls_on_a_type_parameter()
    {
        Patch(Method(typeof(GenericTests), nameof(Compare)), postfix: Exclaim);
        Assert.AreEqual("-1!", Compare("a", "b"));
        Assert.AreEqual("1!", Compare(2, 1));
    }

    static void SeeArray(System.Collections.IEnumerable __result) => Seen.AddRange(__result.Cast<object>());

    [TestMethod]
    public void Arrays_and_references_of_a_type_parameter()
    {
        Patch(Method(typeof(Store<>), nameof(Store<>.TryTake)), postfix: SeeTaken);
        CollectionAssert.AreEqual(new[] { 1, 1 }, new Store<int>().Repeat(1, 2));
        var store = new Store<string> { Last = "last" };
        Assert.IsTrue(store.TryTake(out var item));
        Assert.AreEqual("last", item);
        Assert.IsTrue(new Store<int> { Last = 5 }.TryTake(out var number));
        Assert.AreEqual(5, number);
        AssertSeen("last", 5);
    }

    static void SeeTaken(object item) => Seen.Add(item);

    [TestMethod]
    public void An_array_result_of_a_type_parameter_is_refused_as_another_type() =>
        Assert.Contains("__result", Refusal(Method(typeof(Store<>), nameof(Store<>.Repeat)), postfix: ReferenceToObjects));

    static void ReferenceToObjects(ref string[] __result) => __result = [];

    [TestMethod]
    public void A_generic_result_as_an_object()
    {
        Patch(Method(typeof(Store<>), nameof(Store<>.Repeat)), postfix: SeeArray);
        Assert.HasCount(2, new Store<int>().Repeat(1, 2));
        Assert.HasCount(1, new Store<string>().Repeat("a", 1));
        AssertSeen(1, 1, "a");
    }

    static Exception? Swallow() => null;
    static void SeeException(Exception? __exception) => Seen.Add(__exception?.Message);

    [TestMethod]
    public void Exceptions_and_default_results_of_a_type_parameter()
    {
        var method = Method(typeof(GenericTests), nameof(ThrowOrDefault));
        Patch(method, finalizer: SeeException);
        Assert.ThrowsExactly<InvalidOperationException>(() => ThrowOrDefault<string>(true));
        Assert.ThrowsExactly<InvalidOperationException>(() => ThrowOrDefault<Guid>(true));
        Patch(method, finalizer: Swallow);
        Assert.IsNull(ThrowOrDefault<string>(true));
        Assert.AreEqual(Guid.Empty, ThrowOrDefault<Guid>(true));
        AssertSeen("String", "Guid", "String", "Guid");
    }

    static void SeeCell(object __instance) => Seen.Add(__instance.GetType().GetField("Value")!.GetValue(__instance));

    [TestMethod]
    public void A_method_of_a_generic_struct()
    {
        Patch(Method(typeof(Cell<>), nameof(Cell<>.Set)), postfix: SeeCell);
        var (text, number) = (new Cell<string>(), new Cell<int>());
        Assert.AreEqual(("String", "Int32"), (text.Set("a"), number.Set(1)));
        Assert.AreEqual(("a", 1), (text.Value, number.Value));
        AssertSeen("a", 1);
    }

    static void SeeArguments(object[] __args) => Seen.AddRange(__args);

    [TestMethod]
    public void All_arguments_of_a_generic_method()
    {
        Patch(Method(typeof(Store<>), nameof(Store<>.Both)), prefix: SeeArguments);
        Assert.AreEqual("String Int32 a 1", new Store<string>().Both("a", 1));
        AssertSeen("a", 1);
    }

    [TestMethod]
    public void A_field_of_a_generic_type_is_refused() =>
        Assert.EndsWith("is declared in a generic type", Refusal(Method(typeof(Store<>), nameof(Store<>.Note)), prefix: SeeNoteField));

    static void SeeNoteField(string ____note) => Seen.Add(____note);

    [TestMethod]
    public void An_instantiation_that_is_first_used_after_the_patch()
    {
        Patch(Method(typeof(Store<>), nameof(Store<>.Describe)), postfix: Exclaim);
        var late = typeof(Store<>).MakeGenericType(typeof(KeyValuePair<int, string>)).GetMethod(nameof(Store<>.Describe))!;
        Assert.AreEqual("KeyValuePair`2 [1, a]!", late.Invoke(null, [KeyValuePair.Create(1, "a")]));
    }

    static class Generic<T>
    {
        public static void Prefix() => Seen.Add(typeof(T));
    }

    static void GenericPrefix<T>() => Seen.Add(typeof(T));

    [TestMethod]
    public void A_patch_method_must_be_closed()
    {
        var target = Method(typeof(Store<>), nameof(Store<>.Note));
        Assert.AreEqual("Generic`1.Prefix must not be generic",
            Assert.ThrowsExactly<HarmonyException>(() => Guarded.Patch(target, new HarmonyMethod(typeof(Generic<>), "Prefix"))).Message);
        Assert.AreEqual("GenericTests.GenericPrefix must not be generic",
            Assert.ThrowsExactly<HarmonyException>(() => Guarded.Patch(target, new HarmonyMethod(typeof(GenericTests), nameof(GenericPrefix)))).Message);
        Guarded.Patch(target, new HarmonyMethod(typeof(Generic<Version>), "Prefix"));
        Guarded.Patch(target, new HarmonyMethod(Method(typeof(GenericTests), nameof(GenericPrefix)).MakeGenericMethod(typeof(DateTime))));
        new Store<int>().Note("x");
        AssertSeen(typeof(Version), typeof(DateTime));
    }
}
