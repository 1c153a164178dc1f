using System.Reflection;
using System.Runtime.CompilerServices;

namespace HarmonyLib.Tests.Documentation;

/// <summary>harmony.pardeike.net, «Injections»: what is beyond a name and a value.</summary>
[TestClass]
public sealed partial class InjectionsPageTests : PatchingTest
{
    sealed class Purse(int balance)
    {
        public int Balance = balance;
        public string Note = "none";

        public int Spend(int amount, string payee) => (Balance -= amount) - (payee.Length - payee.Length);

        public override string ToString() => $"{Balance}";
    }

    struct Gauge(int value)
    {
        public int Value = value;

        public int Read(int factor) => Value * factor;

        public readonly string Describe(string unit) => $"{Value} {unit}";
    }

    static int s_shared = 5;

    [MethodImpl(MethodImplOptions.NoInlining)]
    static ref int Shared() => ref s_shared;

    [MethodImpl(MethodImplOptions.NoInlining)]
    static int Twice(int number) => number * 2;

    static readonly MethodInfo Spend = Method(typeof(Purse), nameof(Purse.Spend));

    // [HarmonyArgument] on a method or class: the patch's name, then what it means

    [HarmonyArgument("cost", "amount")]
    static void RenamedArgument(int cost) => Seen.Add(cost);

    [HarmonyArgument("me", "__instance")]
    [HarmonyArgument("memory", "__state")]
    static void RenamedInjections(Purse me, out int memory) => Seen.Add(memory = me.Balance);

    static void RenamedOnParameters([HarmonyArgument("__result")] ref int answer, [HarmonyArgument("__state")] int memory) => answer += memory;

    [HarmonyArgument("to", "payee")]
    static class RenamedByItsClass
    {
        public static void Prefix(string to) => Seen.Add(to);
    }

    [TestMethod]
    public void An_annotation_of_a_method_names_first_what_the_patch_says()
    {
        Patch(Spend, RenamedArgument);
        new Purse(10).Spend(3, "x");
        AssertSeen(3);
    }

    [TestMethod]
    public void An_annotation_of_a_class_names_first_what_the_patch_says()
    {
        Patch(Spend, RenamedByItsClass.Prefix);
        new Purse(10).Spend(3, "shop");
        AssertSeen("shop");
    }

    [TestMethod]
    public void An_annotation_may_mean_an_injection()
    {
        Patch(Spend, RenamedInjections, RenamedOnParameters);
        Assert.AreEqual(17, new Purse(10).Spend(3, "x"));
        AssertSeen(10);
    }

    // __instance

    static Purse? s_other;

    static void ReplaceInstance(ref Purse __instance) => __instance = s_other!;
    static void ReplaceInstanceAsObject(ref object __instance) => __instance = s_other!;
    static void ChangeBoxedInstance(ref object __instance) => __instance = new Gauge(7);

    [TestMethod]
    public void The_instance_of_a_class_by_reference_is_another_object_from_there_on()
    {
        var account = new Purse(10);
        s_other = new Purse(100);
        Patch(Spend, ReplaceInstance);
        Assert.AreEqual(99, account.Spend(1, "x"));
        Assert.AreEqual(10, account.Balance);
    }

    [TestMethod]
    public void The_instance_of_a_class_by_reference_as_an_object()
    {
        s_other = new Purse(50);
        Patch(Spend, ReplaceInstanceAsObject);
        Assert.AreEqual(49, new Purse(10).Spend(1, "x"));
    }

    [TestMethod]
    public void The_instance_of_a_struct_by_reference_as_an_object_is_put_back()
    {
        Patch(Method(typeof(Gauge), nameof(Gauge.Read)), ChangeBoxedInstance);
        var meter = new Gauge(1);
        Assert.AreEqual(21, meter.Read(3));
        Assert.AreEqual(7, meter.Value);
    }

    // values as ref object

    static void ChangeBoxedArgument(ref object number) => number = (int)number + 1;
    static void ChangeBoxedResult(ref object __result) => __result = (int)__result + 100;

    [TestMethod]
    public void A_value_by_reference_as_an_object_is_put_back()
    {
        Patch(Method(typeof(InjectionsPageTests), nameof(Twice)), ChangeBoxedArgument, ChangeBoxedResult);
        Assert.AreEqual(108, Twice(3));
    }

    static void WrongBox(ref object number) => number = "no number";

    [TestMethod]
    public void What_does_not_fit_into_the_value_is_the_patchs_failure()
    {
        Patch(Plain, Method(typeof(InjectionsPageTests), nameof(Twice)), WrongBox);
        Assert.ThrowsExactly<InvalidCastException>(() => Twice(3));
    }

    // __originalMethod

    static void SeeMethodInfo(MethodInfo __originalMethod) => Seen.Add(__originalMethod.Name);
    static void SeeConstructorInfo(ConstructorInfo __originalMethod) => Seen.Add(__originalMethod.Name);

    [TestMethod]
    public void The_original_as_a_MethodInfo_or_ConstructorInfo()
    {
        Patch(Spend, SeeMethodInfo);
        Patch(typeof(Purse).GetConstructors().Single(), postfix: SeeConstructorInfo);
        new Purse(1).Spend(1, "x");
        AssertSeen(".ctor", "Spend");
        Assert.EndsWith("it must be a MethodBase or ConstructorInfo by value", Refusal(typeof(Purse).GetConstructors().Single(), SeeMethodInfo));
    }

    // __exception in patches that see none

    static void SeeException(Exception? __exception) => Seen.Add(__exception?.Message ?? "none");

    [TestMethod]
    public void The_exception_is_null_in_prefixes_and_postfixes()
    {
        Patch(Spend, SeeException, SeeException, SeeException);
        new Purse(1).Spend(1, "x");
        Assert.ThrowsExactly<NullReferenceException>(() => new Purse(1).Spend(1, null!));
        Assert.HasCount(5, Seen);
        CollectionAssert.AreEqual(new object?[] { "none", "none", "none", "none" }, Seen[..4]);
        Assert.AreNotEqual("none", Seen[4]);
    }

    // fields by their place

    static void FieldByPlace(ref int ___0, string ___1) => Seen.Add($"{___0++} {___1}");
    static void NoSuchField(int ___9) => Seen.Add(___9);

    [TestMethod]
    public void A_field_by_its_place_in_the_class()
    {
        Patch(Spend, FieldByPlace);
        var account = new Purse(10);
        account.Spend(1, "x");
        Assert.AreEqual(10, account.Balance);
        AssertSeen("10 none");
        Assert.EndsWith("No such field defined in class HarmonyLib.Tests.Documentation.InjectionsPageTests+Purse: 9", Refusal(Spend, NoSuchField));
    }

    // a result that is a reference

    static void SeeAndChangeReference(ref int __result) => Seen.Add(__result++);
    static bool SkipWithResult(ref int __result)
    {
        __result = 77;
        return false;
    }

    [TestMethod]
    public void The_result_of_a_reference_return()
    {
        s_shared = 5;
        Patch(Method(typeof(InjectionsPageTests), nameof(Shared)), postfix: SeeAndChangeReference);
        Assert.AreEqual(6, Shared());
        Assert.AreEqual(6, s_shared);
        AssertSeen(5);
    }

    [TestMethod]
    public void The_result_of_a_reference_return_that_is_skipped()
    {
        s_shared = 5;
        Patch(Method(typeof(InjectionsPageTests), nameof(Shared)), SkipWithResult);
        Assert.AreEqual(77, Shared());
        Assert.AreEqual(5, s_shared);
    }

    static readonly int[] s_numbers = [10, 20, 30];

    static void ReferToSecond(ref RefResult<int> __resultRef) => __resultRef = () => ref s_numbers[1];
    static void SeeResultRef(ref RefResult<int>? __resultRef, ref int __result) => Seen.Add($"{__resultRef is null} {__result}");

    [TestMethod]
    public void A_replaced_reference_is_there_for_the_next_patch_and_cleared()
    {
        var target = Method(typeof(InjectionsPageTests), nameof(Shared));
        Plain.Patch(target, postfix: new HarmonyMethod(ReferToSecond) { priority = Priority.High });
        Plain.Patch(target, postfix: new HarmonyMethod(SeeResultRef));
        Assert.IsTrue(Unsafe.AreSame(ref s_numbers[1], ref Shared()));
        AssertSeen("True 20");
    }

    // delegates

    [HarmonyPatch(typeof(Purse), nameof(ToString))]
    delegate string MarkedByPatch();

    [HarmonyDelegate(typeof(Gauge), nameof(Gauge.Describe))]
    delegate string OfStruct(string unit);

    class Animal
    {
        public virtual string Cry() => "…";

        public string Call() => Cry();
    }

    sealed class Dog : Animal
    {
        public override string Cry() => "woof";
    }

    [HarmonyDelegate(typeof(Animal), nameof(Animal.Cry), MethodDispatchType.Call)]
    delegate string ThatVeryMethod();

    [HarmonyDelegate(typeof(Animal), nameof(Animal.Cry))]
    delegate string WhicheverMethod();

    static void CallMarked(MarkedByPatch text) => Seen.Add(text());
    static void CallOfStruct(OfStruct describe) => Seen.Add(describe("V"));
    static void CallBoth(ThatVeryMethod own, WhicheverMethod whichever) => Seen.Add($"{own()} {whichever()}");

    [TestMethod]
    public void A_delegate_whose_type_has_a_HarmonyPatch()
    {
        Patch(Spend, CallMarked);
        new Purse(3).Spend(1, "x");
        AssertSeen("3");
    }

    [TestMethod]
    public void A_delegate_of_a_structs_method()
    {
        Patch(Method(typeof(Gauge), nameof(Gauge.Read)), CallOfStruct);
        new Gauge(4).Read(1);
        AssertSeen("4 V");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static string Translated(WhicheverMethod cry) => cry();

    static void CallArgument(WhicheverMethod cry) => Seen.Add(cry());

    [TestMethod]
    public void An_argument_comes_before_a_delegate_of_the_same_type()
    {
        Patch(Method(typeof(InjectionsPageTests), nameof(Translated)), CallArgument);
        Assert.AreEqual("miaow", Translated(() => "miaow"));
        AssertSeen("miaow");
    }

    [TestMethod]
    public void A_delegate_calls_virtually_or_not()
    {
        Patch(Method(typeof(Animal), nameof(Animal.Call)), CallBoth);
        Assert.AreEqual("woof", new Dog().Call());
        AssertSeen("… woof");
    }
}
