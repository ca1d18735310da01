using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using IntegrationPoints.LocalHost.Worker;

namespace IntegrationPoints.App.Tests.Surface;

/// <summary>What a compiled assembly uses of LocalHost, under the names that it has in the Microsoft packages.</summary>
internal static class UsedSurface
{
    private static readonly Type[] Unknown = [.. Enumerable.Repeat(typeof(object), 8)];

    private static readonly Assembly LocalHost = typeof(FunctionAttribute).Assembly;

    private static readonly Dictionary<string, string> Namespaces = new()
    {
        ["IntegrationPoints.LocalHost.Builder"] = "Microsoft.Azure.Functions.Worker.Builder",
        ["IntegrationPoints.LocalHost.Worker"] = "Microsoft.Azure.Functions.Worker",
        ["IntegrationPoints.LocalHost.Durable"] = "Microsoft.DurableTask",
        ["IntegrationPoints.LocalHost.Durable.Client"] = "Microsoft.DurableTask.Client",
    };

    // Types that the packages keep in a namespace of their own; App.csproj imports it, or the file does for both runtimes.
    private static readonly Dictionary<string, string> Elsewhere = new()
    {
        ["IFunctionsWorkerMiddleware"] = "Microsoft.Azure.Functions.Worker.Middleware",
        ["FunctionExecutionDelegate"] = "Microsoft.Azure.Functions.Worker.Middleware",
        ["MiddlewareWorkerApplicationBuilderExtensions"] = "Microsoft.Extensions.Hosting",
        ["AsyncPageable`1"] = "Microsoft.DurableTask",
    };

    /// <summary>Every type, member, attribute argument and enum member, each once.</summary>
    public static SortedSet<string> Of(Assembly assembly)
    {
        var used = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var member in References(assembly)) Add(member, used);
        foreach (var attribute in Attributes(assembly))
        {
            foreach (var named in attribute.NamedArguments) used.Add($"{NameOf(attribute.AttributeType)}.{named.MemberName}");
        }
        foreach (var contract in assembly.GetTypes().SelectMany(t => t.GetInterfaces()).Where(IsLocal))
        {
            foreach (var method in contract.GetMethods()) Add(method, used);
        }
        return used;
    }

    /// <summary>The namespaces of the types, as the Microsoft packages have them.</summary>
    public static IEnumerable<string> NamespacesOf(Assembly assembly)
        => References(assembly).Select(m => NameOf(m as Type ?? m.DeclaringType!)).Select(name => name[..name.LastIndexOf('.')]).Distinct();

    private static string NameOf(Type type)
    {
        var definition = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
        var place = Elsewhere.GetValueOrDefault(definition.Name) ?? Namespaces.GetValueOrDefault(definition.Namespace ?? "", $"?{definition.Namespace}");
        return $"{place}.{definition.Name}";
    }

    private static IEnumerable<MemberInfo> References(Assembly assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly.Location));
        var metadata = file.GetMetadataReader();
        var types = metadata.TypeReferences.Where(h => IsLocal(metadata, h)).Select(h => MetadataTokens.GetToken(h));
        var members = metadata.MemberReferences.Where(h => IsLocal(metadata, metadata.GetMemberReference(h).Parent)).Select(h => MetadataTokens.GetToken(h));
        foreach (var token in types.Concat(members).ToList()) yield return assembly.ManifestModule.ResolveMember(token, Unknown, Unknown)!;
    }

    private static bool IsLocal(MetadataReader metadata, EntityHandle handle)
    {
        switch (handle.Kind)
        {
            case HandleKind.TypeReference:
                return IsLocal(metadata, metadata.GetTypeReference((TypeReferenceHandle)handle).ResolutionScope);
            case HandleKind.AssemblyReference:
                return metadata.GetString(metadata.GetAssemblyReference((AssemblyReferenceHandle)handle).Name) == LocalHost.GetName().Name;
            case HandleKind.TypeSpecification:
                // GENERICINST, CLASS or VALUETYPE, then the generic type (ECMA-335, II.23.2.14).
                var blob = metadata.GetBlobReader(metadata.GetTypeSpecification((TypeSpecificationHandle)handle).Signature);
                return blob.ReadSignatureTypeCode() == SignatureTypeCode.GenericTypeInstance && blob.ReadByte() != 0 && IsLocal(metadata, blob.ReadTypeHandle());
            default:
                return false;
        }
    }

    private static IEnumerable<CustomAttributeData> Attributes(Assembly assembly)
        => from type in assembly.GetTypes()
           from method in type.GetMethods(BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static)
           from attribute in method.GetCustomAttributesData().Concat(method.GetParameters().SelectMany(p => p.GetCustomAttributesData()))
           where IsLocal(attribute.AttributeType)
           select attribute;

    private static bool IsLocal(Type type) => type.Assembly == LocalHost;

    private static void Add(MemberInfo member, SortedSet<string> used)
    {
        var type = member as Type ?? member.DeclaringType!;
        used.Add(NameOf(type));
        // The compiler writes numbers for enum members: whichever the app uses, all that LocalHost offers must be there.
        if (type.IsEnum) used.UnionWith(Enum.GetNames(type).Select(name => $"{NameOf(type)}.{name}"));
        if (member is MethodBase method) used.Add($"{NameOf(type)}.{Signature(method)}");
        else if (member is FieldInfo field) used.Add($"{NameOf(type)}.{field.Name}");
    }

    private static string Signature(MethodBase method)
    {
        if (method is MethodInfo { IsSpecialName: true } && method.Name is ['g' or 's', 'e', 't', '_', .. var property]) return property;
        var name = method.IsConstructor ? "new" : method.Name;
        var open = (method as MethodInfo)?.IsGenericMethod == true ? ((MethodInfo)method).GetGenericMethodDefinition() : method;
        var arity = open.IsGenericMethodDefinition ? $"<{string.Join(", ", open.GetGenericArguments().Select(a => a.Name))}>" : "";
        return $"{name}{arity}({string.Join(", ", open.GetParameters().Select(p => Short(p.ParameterType)))})";
    }

    private static string Short(Type type)
        => Nullable.GetUnderlyingType(type) is { } value ? $"{Short(value)}?"
            : type.IsArray ? $"{Short(type.GetElementType()!)}[]"
            : type.IsGenericType ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Short))}>"
            : type.Name;
}
