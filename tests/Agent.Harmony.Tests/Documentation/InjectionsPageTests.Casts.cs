using System.Runtime.CompilerServices;

namespace HarmonyLib.Tests.Documentation;

/// <summary>A patch may name the class that it knows an object to be of, where the original names a wider one.</summary>
public sealed partial class InjectionsPageTests
{
    class Beast
    {
        public object Food = "grass";

        [MethodImpl(MethodImplOptions.NoInlining)]
        public object Feed(object food) => Food = food;

        [MethodImpl(MethodImplOptions.NoInlining)]
        public static object Sealed(string food, IDisposable? other) => food + other;
    }

    sealed class Cow : Beast
    {
        public int Milk = 3;
    }

    static readonly System.Reflection.MethodInfo Feed = Method(typeof(Beast), nameof(Beast.Feed));

    static void TextArgument(string food) => Seen.Add(food);
    static void TextResult(string __result) => Seen.Add(__result);
    static void TextField(string ___Food) => Seen.Add(___Food);
    static void CowInstance(Cow __instance) => Seen.Add(__instance.Milk);
    static void ComparableArgument(IComparable food) => Seen.Add(food);

    [TestMethod]
    public void Arguments_results_fields_and_the_instance_as_a_more_exact_class()
    {
        Patch(Feed, prefix: TextArgument, postfix: TextResult, finalizer: TextArgument);
        Patch(Feed, prefix: TextField, postfix: CowInstance);
        Patch(Feed, prefix: ComparableArgument);
        Assert.AreEqual("hay", new Cow().Feed("hay"));
        AssertSeen("hay", "grass", "hay", "hay", 3, "hay");
    }

    [TestMethod]
    [DataRow(nameof(TextArgument), "System.Int32", "System.String")]
    [DataRow(nameof(CowInstance), "Beast", "Cow")]
    public void An_object_of_another_class_is_the_patchs_failure(string patch, string actual, string wanted)
    {
        Guarded.Patch(Feed, prefix: new HarmonyMethod(typeof(InjectionsPageTests), patch));
        Assert.AreEqual(5, new Beast().Feed(5));
        AssertSeen();
        lock (Engine.Reports)
        {
            Assert.MatchesRegex($"InvalidCastException.*{actual}'.*{wanted}'", Engine.Reports.Single());
            Engine.Reports.Clear();
        }
    }

    [TestMethod]
    public void Null_is_of_every_class()
    {
        Patch(Feed, prefix: TextArgument);
        Assert.IsNull(new Beast().Feed(null!));
        AssertSeen([null]);
    }

    static void UriArgument(Uri food) => Seen.Add(food);
    static void DisposableArgument(IDisposable food) => Seen.Add(food);
    static void TextOther(string other) => Seen.Add(other);
    static void TextByReference(ref string food) => Seen.Add(food);

    [TestMethod]
    public void What_it_can_never_be_is_refused()
    {
        var target = Method(typeof(Beast), nameof(Beast.Sealed));
        Assert.EndsWith("wants (System.Uri food), but it is a System.String", Refusal(target, UriArgument));
        Assert.EndsWith("wants (System.IDisposable food), but it is a System.String", Refusal(target, DisposableArgument));
        Assert.EndsWith("wants (System.String other), but it is a System.IDisposable", Refusal(target, TextOther));
        Assert.EndsWith("wants (System.String& food), but it is a System.Object", Refusal(Feed, TextByReference));
    }

    static bool Skips() => false;
    static void KnowsTheInstance([HarmonyArgument("__instance")] Beast who) => Seen.Add(who.Food);
    static void KnowsTheFood(object food) => Seen.Add(food);

    [TestMethod]
    public void After_a_skip_the_instance_by_another_name_is_no_effect()
    {
        Patch(Feed, prefix: Skips);
        Patch(Feed, prefix: KnowsTheInstance);
        Patch(Feed, prefix: KnowsTheFood);
        Assert.IsNull(new Beast().Feed("hay"));
        AssertSeen("grass");
    }
}
