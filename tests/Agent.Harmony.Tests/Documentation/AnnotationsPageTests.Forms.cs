namespace HarmonyLib.Tests.Documentation;

/// <summary>What annotations say about the target: every form, alone, together, on classes and on methods.</summary>
public sealed partial class AnnotationsPageTests : PatchingTest
{
    sealed class Library
    {
        string? _last;

        public Library() { }

        public Library(int shelves) => Shelves = shelves;

        public Library(ref int shelves) => Shelves = shelves++;

        public int Shelves { get; set; }

        public string this[int index]
        {
            get => $"{_last} {index}";
            set => _last = value + index;
        }

        public event Action? Opened;

        public void Find() => Opened?.Invoke();

        public void Find(int number) => Shelves = number;

        public void Find(ref int number) => number = Shelves;

        public void Find(string name, out int number) => (number, _last) = (Shelves, name);

        public unsafe void Find(int* number) => *number = Shelves;

        public void Only() => Shelves++;

        public IEnumerable<int> All()
        {
            yield return Shelves;
        }

        public async Task Open() => await Task.FromResult(Shelves);

        ~Library() => _last = null;
    }

    static class Library<T>
    {
        public static T Only(T value) => value;
    }

    // One class per form; none of them does anything.
    [HarmonyPatch(typeof(Library), "Only")] static class TypeAndName { static void Prefix() { } }
    [HarmonyPatch("HarmonyLib.Tests.Documentation.AnnotationsPageTests+Library", "Only")] static class TypeNameAndName { static void Prefix() { } }
    [HarmonyPatch("HarmonyLib.Tests.Documentation.AnnotationsPageTests+Library, Agent.Harmony.Tests", "Shelves", MethodType.Setter)] static class TypeNameNameAndKind { static void Prefix() { } }
    [HarmonyPatch(typeof(Library)), HarmonyPatch("Only")] static class TypeThenName { static void Prefix() { } }
    [HarmonyPatch("Only"), HarmonyPatch(typeof(Library))] static class NameThenType { static void Prefix() { } }
    [HarmonyPatch(typeof(Library), "Find", typeof(int))] static class TypeNameAndArguments { static void Prefix() { } }
    [HarmonyPatch(typeof(Library), "Find", new Type[0])] static class TypeNameAndNoArguments { static void Prefix() { } }
    [HarmonyPatch(typeof(Library), "Find", [typeof(int)], [ArgumentType.Ref])] static class TypeNameAndVariation { static void Prefix() { } }
    [HarmonyPatch(typeof(Library), "Find", [typeof(string), typeof(int)], [ArgumentType.Normal, ArgumentType.Out])] static class OutVariation { static void Prefix() { } }
    [HarmonyPatch(typeof(Library), "Find", [typeof(int)], [ArgumentType.Pointer])] static class PointerVariation { static void Prefix() { } }
    [HarmonyPatch(typeof(Library), MethodType.Constructor, new Type[0])] static class DefaultConstructor { static void Prefix() { } }
    [HarmonyPatch(typeof(Library), MethodType.Constructor, typeof(int))] static class ConstructorWithArguments { static void Prefix() { } }
    [HarmonyPatch(typeof(Library), MethodType.Constructor, [typeof(int)], [ArgumentType.Ref])] static class ConstructorWithVariation { static void Prefix() { } }
    [HarmonyPatch(typeof(Library)), HarmonyPatch(MethodType.Constructor), HarmonyPatch([typeof(int)])] static class ConstructorInThree { static void Prefix() { } }
    [HarmonyPatch(typeof(Library)), HarmonyPatch(MethodType.Constructor, typeof(int))] static class KindAndArguments { static void Prefix() { } }
    [HarmonyPatch(typeof(Library)), HarmonyPatch(MethodType.Constructor, [typeof(int)], [ArgumentType.Ref])] static class KindAndVariation { static void Prefix() { } }
    [HarmonyPatch(typeof(Library), [typeof(int)]), HarmonyPatch("Find")] static class TypeAndArguments { static void Prefix() { } }
    [HarmonyPatch(typeof(Library)), HarmonyPatch("Find", typeof(int))] static class NameAndArguments { static void Prefix() { } }
    [HarmonyPatch(typeof(Library)), HarmonyPatch("Find", [typeof(int)], [ArgumentType.Ref])] static class NameAndVariation { static void Prefix() { } }
    [HarmonyPatch(typeof(Library), "Find"), HarmonyPatch([typeof(int)], [ArgumentType.Ref])] static class VariationAlone { static void Prefix() { } }
    [HarmonyPatch(typeof(Library), "Shelves", MethodType.Getter)] static class Getter { static void Prefix() { } }
    [HarmonyPatch(typeof(Library)), HarmonyPatch("Shelves", MethodType.Setter)] static class Setter { static void Prefix() { } }
    [HarmonyPatch(typeof(Library), MethodType.Getter)] static class IndexerGetter { static void Prefix() { } }
    [HarmonyPatch(typeof(Library), MethodType.Setter, typeof(int))] static class IndexerSetter { static void Prefix() { } }
    [HarmonyPatch(typeof(Library), "Opened", MethodType.EventAdd)] static class EventAdd { static void Prefix() { } }
    [HarmonyPatch(typeof(Library), "Opened", MethodType.EventRemove)] static class EventRemove { static void Prefix() { } }
    [HarmonyPatch(typeof(Library), MethodType.Finalizer)] static class ObjectFinalizer { static void Prefix() { } }
    [HarmonyPatch(typeof(Library), "All", MethodType.Enumerator)] static class Enumerator { static void Prefix() { } }
    [HarmonyPatch(typeof(Library), "Open", MethodType.Async)] static class Async { static void Prefix() { } }
    [HarmonyPatch(typeof(Library<string>), "Only")] static class OfGenericType { static void Prefix() { } }

    [HarmonyPatch(typeof(Library), "Find", typeof(int))]
    static class MethodOverridesClass
    {
        [HarmonyPatch("Only"), HarmonyPatch([])]
        static void Prefix() { }
    }

    [HarmonyPatch(typeof(Derived), "Only")]
    static class MethodNamesAnotherType
    {
        [HarmonyPatch("HarmonyLib.Tests.Documentation.AnnotationsPageTests+Library", "Only")]
        static void Prefix() { }
    }

    [HarmonyPatch("No.Such.Type", "Only")]
    static class MethodHasAnotherType
    {
        [HarmonyPatch(typeof(Library))]
        static void Prefix() { }
    }

    [HarmonyPatch(typeof(Library))]
    static class MethodCompletesClass
    {
        [HarmonyPostfix, HarmonyPatch("Only")]
        static void AnyName() { }
    }

    [TestMethod]
    [DataRow(typeof(TypeAndName), "Void Only()")]
    [DataRow(typeof(TypeNameAndName), "Void Only()")]
    [DataRow(typeof(TypeNameNameAndKind), "Void set_Shelves(Int32)")]
    [DataRow(typeof(TypeThenName), "Void Only()")]
    [DataRow(typeof(NameThenType), "Void Only()")]
    [DataRow(typeof(TypeNameAndArguments), "Void Find(Int32)")]
    [DataRow(typeof(TypeNameAndNoArguments), "Void Find()")]
    [DataRow(typeof(TypeNameAndVariation), "Void Find(Int32 ByRef)")]
    [DataRow(typeof(OutVariation), "Void Find(System.String, Int32 ByRef)")]
    [DataRow(typeof(PointerVariation), "Void Find(Int32*)")]
    [DataRow(typeof(DefaultConstructor), "Void .ctor()")]
    [DataRow(typeof(ConstructorWithArguments), "Void .ctor(Int32)")]
    [DataRow(typeof(ConstructorWithVariation), "Void .ctor(Int32 ByRef)")]
    [DataRow(typeof(ConstructorInThree), "Void .ctor(Int32)")]
    [DataRow(typeof(KindAndArguments), "Void .ctor(Int32)")]
    [DataRow(typeof(KindAndVariation), "Void .ctor(Int32 ByRef)")]
    [DataRow(typeof(TypeAndArguments), "Void Find(Int32)")]
    [DataRow(typeof(NameAndArguments), "Void Find(Int32)")]
    [DataRow(typeof(NameAndVariation), "Void Find(Int32 ByRef)")]
    [DataRow(typeof(VariationAlone), "Void Find(Int32 ByRef)")]
    [DataRow(typeof(Getter), "Int32 get_Shelves()")]
    [DataRow(typeof(Setter), "Void set_Shelves(Int32)")]
    [DataRow(typeof(IndexerGetter), "System.String get_Item(Int32)")]
    [DataRow(typeof(IndexerSetter), "Void set_Item(Int32, System.String)")]
    [DataRow(typeof(EventAdd), "Void add_Opened(System.Action)")]
    [DataRow(typeof(EventRemove), "Void remove_Opened(System.Action)")]
    [DataRow(typeof(ObjectFinalizer), "Void Finalize()")]
    [DataRow(typeof(Enumerator), "Boolean MoveNext()")]
    [DataRow(typeof(Async), "Void MoveNext()")]
    [DataRow(typeof(OfGenericType), "System.String Only(System.String)")]
    [DataRow(typeof(MethodOverridesClass), "Void Only()")]
    [DataRow(typeof(MethodNamesAnotherType), "Void Only()")]
    [DataRow(typeof(MethodHasAnotherType), "Void Only()")]
    [DataRow(typeof(MethodCompletesClass), "Void Only()")]
    public void Every_form_finds_its_method(Type patchClass, string expected)
    {
        Guarded.CreateClassProcessor(patchClass).Patch();
        Assert.AreEqual(expected, Guarded.GetPatchedMethods().Single().ToString());
    }

    [HarmonyPatch(typeof(Library), "Find")] static class Ambiguous { static void Prefix() { } }
    [HarmonyPatch(typeof(Library), "Missing", typeof(int))] static class Missing { static void Prefix() { } }
    [HarmonyPatch("No.Such.Type", "Method")] static class MissingType { static void Prefix() { } }
    [HarmonyPatch(typeof(Library))] static class NoName { static void Prefix() { } }
    [HarmonyPatch] static class NoTarget { static void Prefix() { } }
    [HarmonyPatch(typeof(Library), "Only", MethodType.Async)] static class NotAsync { static void Prefix() { } }
    [HarmonyPatch(typeof(Library), "Open", MethodType.Enumerator)] static class NotAnIterator { static void Prefix() { } }
    [HarmonyPatch(typeof(Library), MethodType.StaticConstructor)] static class StaticConstructor { static void Prefix() { } }
    [HarmonyPatch(typeof(Library), "Only")] sealed class NotStatic { public void Prefix() => GetHashCode(); }
    [HarmonyPatch(typeof(Derived), "Add")] static class Inherited { static void Prefix() { } }


    [TestMethod]
    [DataRow(typeof(Ambiguous), "Ambiguous match for HarmonyMethod[(class=HarmonyLib.Tests.Documentation.AnnotationsPageTests+Library, methodname=Find, type=Normal, args=undefined)]: HarmonyLib.Tests.Documentation.AnnotationsPageTests+Library has several methods Find, and the patch does not say which by argument types")]
    [DataRow(typeof(Missing), "Library has no method Missing(Int32)")]
    [DataRow(typeof(MissingType), "there is no type No.Such.Type")]
    [DataRow(typeof(NoName), "the patch does not say which method of HarmonyLib.Tests.Documentation.AnnotationsPageTests+Library it is for")]
    [DataRow(typeof(NoTarget), "Undefined target method for patch method static System.Void HarmonyLib.Tests.Documentation.AnnotationsPageTests+NoTarget::Prefix(): no annotation says of which type")]
    [DataRow(typeof(NotAsync), "Library.Only() is not an async method with a state machine")]
    [DataRow(typeof(NotAnIterator), "Library.Open() is not an iterator with a state machine")]
    [DataRow(typeof(StaticConstructor), "Library cannot be patched: it runs once, and may have run already")]
    [DataRow(typeof(NotStatic), "NotStatic.Prefix must be static")]
    [DataRow(typeof(Inherited), "HarmonyLib.Tests.Derived has no method Add")]
    public void What_cannot_be_found_or_done_keeps_the_class_off(Type patchClass, string reason)
    {
        var message = Assert.ThrowsExactly<HarmonyException>(() => Guarded.CreateClassProcessor(patchClass).Patch()).Message;
        Assert.StartsWith($"{patchClass.Name} stays off: ", message);
        Assert.EndsWith(reason, message);
        Assert.IsEmpty(Harmony.GetAllPatchedMethods());
    }

    [TestMethod]
    public void As_many_variations_as_arguments() =>
        Assert.ThrowsExactly<ArgumentException>(() => new HarmonyPatch("Find", [typeof(int)], [ArgumentType.Ref, ArgumentType.Out]));

    static class NotAnnotated
    {
        static void Prefix() { }
    }

    [TestMethod]
    public void A_class_without_annotations_is_none() => Assert.IsNull(Guarded.CreateClassProcessor(typeof(NotAnnotated)).Patch());

    [HarmonyPatch(typeof(Targets))]
    static class Several
    {
        [HarmonyPrefix, HarmonyPatch(nameof(Targets.Add))]
        static void First(int left) => Seen.Add($"first {left}");

        [HarmonyPrefix, HarmonyPatch(nameof(Targets.Nothing)), HarmonyPriority(Priority.High)]
        static void Second() => Seen.Add("second");

        [HarmonyPostfix, HarmonyPatch(nameof(Targets.Add))]
        static void Third(int __result) => Seen.Add($"third {__result}");

        [HarmonyFinalizer, HarmonyPatch(nameof(Targets.Add))]
        static void Fourth() => Seen.Add("fourth");

        static void NoPatch() => Seen.Add("never");
    }

    [TestMethod]
    public void One_class_with_patches_for_several_methods()
    {
        var patched = Guarded.CreateClassProcessor(typeof(Several)).Patch()!;
        CollectionAssert.AreEquivalent(new[] { Method(typeof(Targets), nameof(Targets.Add)), Method(typeof(Targets), nameof(Targets.Nothing)) }, patched);
        Targets.Add(1, 2);
        Targets.Nothing();
        AssertSeen("first 1", "third 3", "fourth", "second");
        Assert.AreEqual(Priority.High, Harmony.GetPatchInfo(Method(typeof(Targets), nameof(Targets.Nothing)))!.Prefixes.Single().priority);
    }

    [HarmonyPatch(typeof(Library<>)), HarmonyPatchAll]
    static class WholeGenericType
    {
        static void Prefix(System.Reflection.MethodBase __originalMethod) => Seen.Add(__originalMethod.Name);
    }

    abstract class Whole
    {
        public static readonly object Initialized = new();

        public int Property { get; set; }

        public abstract void Nothing();

        public int Own() => Property;
    }

    sealed class WholeChild : Whole
    {
        public override void Nothing() { }
    }

    [HarmonyPatch(typeof(Whole)), HarmonyPatchAll]
    static class WholeType
    {
        static void Prefix(System.Reflection.MethodBase __originalMethod) => Seen.Add(__originalMethod.Name);
    }

    [TestMethod]
    public void All_methods_of_a_type()
    {
        Guarded.CreateClassProcessor(typeof(WholeType)).Patch();
        Guarded.CreateClassProcessor(typeof(WholeGenericType)).Patch();
        CollectionAssert.AreEquivalent(new[] { ".ctor", "get_Property", "set_Property", "Own", "Only" }, Guarded.GetPatchedMethods().Select(method => method.Name).ToArray());
        var child = new WholeChild { Property = 1 };
        child.Nothing();
        Assert.AreEqual(1, child.Own());
        Assert.AreEqual(2, Library<int>.Only(2));
        AssertSeen(".ctor", "set_Property", "Own", "get_Property", "Only");
    }

    [HarmonyPatchCategory("annotation tests"), HarmonyPatch(typeof(Targets), nameof(Targets.Nothing))]
    static class InCategory
    {
        static void Prefix() => Seen.Add("category");
    }

    [TestMethod]
    public void A_category_of_the_calling_assembly()
    {
        Guarded.PatchCategory("annotation tests");
        Assert.AreEqual("annotation tests", Guarded.CreateClassProcessor(typeof(InCategory)).Category);
        Targets.Nothing();
        AssertSeen("category");
        Guarded.UnpatchCategory("annotation tests");
        Targets.Nothing();
        AssertSeen("category");
        Assert.IsEmpty(Harmony.GetAllPatchedMethods());
    }
}
