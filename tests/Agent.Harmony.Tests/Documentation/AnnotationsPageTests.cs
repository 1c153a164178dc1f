using System.Reflection;

namespace HarmonyLib.Tests.Documentation;

/// <summary>harmony.pardeike.net, «Annotations» and «Auxiliary patch methods»: what their text promises and AnnotationTests does not have.</summary>
[TestClass]
public sealed partial class AnnotationsPageTests : PatchingTest
{
    static class Shop
    {
        public static int Add(int left, int right) => left + right;

        public static int Sub(int left, int right) => left - right;
    }

    sealed class Basket<T>
    {
        public readonly List<T> Items = [];

        public T AddItem(T item)
        {
            Items.Add(item);
            return item;
        }

        public string Mix<TOther>(T item, TOther other) => $"{item}/{other}{(Items.Count > 0 ? "…" : "")}";
    }

    List<MethodInfo>? Install(Type type) => Guarded.CreateClassProcessor(type).Patch();

    string Failure(Type type) => Assert.ThrowsExactly<HarmonyException>(() => Install(type)).Message;

    // inherited annotations

    [HarmonyPatch(typeof(Shop), nameof(Shop.Add))]
    class AnnotatedBase;

    sealed class Inheriting : AnnotatedBase
    {
        static void Postfix(ref int __result) => __result += 100;
    }

    [TestMethod]
    public void Annotations_of_a_base_class_count()
    {
        Assert.HasCount(1, Install(typeof(Inheriting))!);
        Assert.AreEqual(103, Shop.Add(1, 2));
    }

    // holders

    [HarmonyPatch]
    static class Holder
    {
        [HarmonyPatch(typeof(Shop), nameof(Shop.Add))]
        public static class Inner
        {
            static void Postfix(ref int __result) => __result += 10;
        }
    }

    [TestMethod]
    public void A_class_that_only_holds_others_is_no_failure()
    {
        Assert.IsEmpty(Install(typeof(Holder))!);
        Assert.HasCount(1, Install(typeof(Holder.Inner))!);
        Assert.AreEqual(13, Shop.Add(1, 2));
    }

    // a class without the annotation

    static class Unannotated
    {
        [HarmonyPatch(typeof(Shop), nameof(Shop.Add)), HarmonyPostfix]
        static void Ten(ref int __result) => __result += 10;

        [HarmonyPatch(typeof(Shop), nameof(Shop.Sub)), HarmonyPostfix]
        static void Hundred(ref int __result) => __result += 100;
    }

    static class Nothing
    {
        static void Other() { }
    }

    [TestMethod]
    public void A_class_without_an_annotation_whose_methods_have_one()
    {
        Assert.HasCount(2, Install(typeof(Unannotated))!);
        Assert.AreEqual((13, 99), (Shop.Add(1, 2), Shop.Sub(1, 2)));
        Assert.IsNull(Install(typeof(Nothing)));
    }

    // targets from code

    [HarmonyPatch]
    static class NoTargets
    {
        static IEnumerable<MethodBase> TargetMethods() => [];
        static void Prefix() { }
    }

    [HarmonyPatch]
    static class TargetAndAnnotation
    {
        static MethodInfo TargetMethod() => AccessTools.Method(typeof(Shop), nameof(Shop.Add))!;

        [HarmonyPatch(nameof(Shop.Sub)), HarmonyPrefix]
        static void Own() { }
    }

    [HarmonyPatch(typeof(Shop))]
    static class TargetAndType
    {
        static MethodInfo TargetMethod() => AccessTools.Method(typeof(Shop), nameof(Shop.Add))!;

        static void Prefix() { }
    }

    [HarmonyPatch]
    static class NoIntegerPrepare
    {
        static int Prepare() => 0;

        [HarmonyPatch(typeof(Shop), nameof(Shop.Add)), HarmonyPrefix]
        static void Own() { }
    }

    [TestMethod]
    public void No_targets_are_a_failure() => Assert.Contains("Undefined target method: NoTargets.TargetMethods returned no methods", Failure(typeof(NoTargets)));

    [TestMethod]
    [DataRow(typeof(TargetAndAnnotation), "[Sub]")]
    [DataRow(typeof(TargetAndType), "AnnotationsPageTests+Shop]")]
    public void Targets_come_from_code_or_from_annotations(Type type, string said)
    {
        var failure = Failure(type);
        Assert.Contains("You cannot combine TargetMethod, TargetMethods or [HarmonyPatchAll] with individual annotations", failure);
        Assert.EndsWith(said, failure);
    }

    [TestMethod]
    public void Prepare_returns_nothing_or_a_bool() => Assert.Contains("NoIntegerPrepare.Prepare has wrong return type, System.Int32 (should be assignable to bool)", Failure(typeof(NoIntegerPrepare)));

    // constructors

    sealed class Item
    {
        public int Price = 5;

        public Item() => Price++;
    }

    [HarmonyPatch(typeof(Item), MethodType.Constructor)]
    static class OfConstructor
    {
        static void Postfix(Item __instance) => __instance.Price *= 10;
    }

    [TestMethod]
    public void Patch_returns_a_method_for_a_constructor_too()
    {
        var replacement = Install(typeof(OfConstructor))!.Single();
        Assert.AreEqual(60, new Item().Price);
        Assert.AreEqual((typeof(void), typeof(Item)), (replacement.ReturnType, replacement.GetParameters()[0].ParameterType));
    }

    // generic methods

    [HarmonyPatch(typeof(Basket<string>), nameof(Basket<>.AddItem))]
    static class OfStrings
    {
        static void Prefix(ref string item, Basket<string> __instance) => Seen.Add($"{item += "!"} {__instance.Items.Count}");

        static void Postfix(ref string __result) => __result += "?";
    }

    [HarmonyPatch(typeof(Basket<int>), nameof(Basket<>.AddItem))]
    static class OfNumbers
    {
        static void Prefix(int item, out int __state) => Seen.Add(__state = item);

        static int Postfix(int result, int __state) => result + __state;
    }

    [TestMethod]
    public void One_instantiation_with_its_types()
    {
        Install(typeof(OfStrings));
        var strings = new Basket<string>();
        Assert.AreEqual("a!?", strings.AddItem("a"));
        Assert.AreEqual("a!", strings.Items.Single());
        AssertSeen("a! 0");
    }

    [TestMethod]
    public void Two_instantiations_with_a_patch_each()
    {
        Install(typeof(OfStrings));
        Install(typeof(OfNumbers));
        for (var i = 0; i < 3; i++)
        {
            Seen.Clear();
            Assert.AreEqual("a!?", new Basket<string>().AddItem("a"));
            Assert.AreEqual(8, new Basket<int>().AddItem(4));
            Assert.AreEqual(4L, new Basket<long>().AddItem(4L));
            Assert.AreSame(this, new Basket<object>().AddItem(this));
            AssertSeen("a! 0", 4);
        }
        Assert.HasCount(2, Guarded.GetPatchedMethods());
    }

    static void SeeOriginal(MethodBase __originalMethod) => Seen.Add(__originalMethod);

    static bool SkipWith(ref string __result)
    {
        __result = "skipped";
        return false;
    }

    [TestMethod]
    public void One_instantiation_of_a_generic_method()
    {
        var target = typeof(Basket<string>).GetMethod(nameof(Basket<>.Mix))!.MakeGenericMethod(typeof(int));
        Patch(target, SeeOriginal);
        Patch(target, SkipWith);
        Assert.AreEqual("skipped", new Basket<string>().Mix("a", 1));
        Assert.AreEqual("a/b", new Basket<string>().Mix("a", "b"));
        Assert.AreEqual("2/1", new Basket<int>().Mix(2, 1));
        AssertSeen(target);
    }
}
