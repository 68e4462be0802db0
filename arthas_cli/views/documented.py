"""The documented fields of every result type (docs/protocol.md, 5.1), as data.

`name:kind` pairs; a kind is text, number, bool, any, the name of an object below, `[kind]` for a
list and `{kind}` for a map. `type` and `jobId`, which every result has, are left out. Any field
may be missing. `expand` beside a value and the module names of a stack frame come from servers
up to 3.7 alone (docs/protocol.md, 5.1).
"""

from __future__ import annotations

RESULTS: dict[str, str] = {
    "base64": "content:text",
    "cat": "file:text content:text",
    "classloader": (
        "classSet:ClassSetVO resources:[text] loadClass:ClassDetailVO urls:[text] "
        "classLoaders:[ClassLoaderVO] tree:bool classLoaderStats:{ClassLoaderStat} "
        "classLoaderClass:text matchedClassLoaders:[ClassLoaderVO] "
        "urlStats:{ClassLoaderUrlStat} classLoader:ClassLoaderVO "
        "urlClassStats:[UrlClassStat] urlClassStatsDetail:bool"
    ),
    "classloader-metaspace": "rows:[Row] durationMillis:number periodMillis:number verbose:bool",
    "command": "command:text state:text message:text",
    "dashboard": (
        "threads:[ThreadVO] memoryInfo:{[MemoryEntryVO]} gcInfos:[GcInfoVO] "
        "runtimeInfo:RuntimeInfoVO tomcatInfo:TomcatInfoVO"
    ),
    "dump": (
        "dumpedClasses:[DumpClassVO] matchedClasses:[ClassVO] classLoaderClass:text "
        "matchedClassLoaders:[ClassLoaderVO]"
    ),
    "echo": "content:text",
    "enhancer": "effect:EnhancerAffectVO success:bool message:text",
    "getstatic": (
        "field:any fieldName:text matchedClasses:[ClassVO] classLoaderClass:text "
        "matchedClassLoaders:[ClassLoaderVO] expand:number"
    ),
    "heapdump": "dumpFile:text live:bool",
    "help": "commands:[CommandVO] detailCommand:CommandVO",
    "history": "history:[text] first:number",
    "input_status": "inputStatus:text",
    "jad": (
        "classInfo:ClassVO location:text source:text mappings:{number} "
        "matchedClasses:[ClassVO] classLoaderClass:text matchedClassLoaders:[ClassLoaderVO]"
    ),
    "jfr": "jfrOutput:text",
    "jvm": "jvmInfo:{[JvmItemVO]}",
    "line": (
        "ts:text cost:number value:any sizeLimit:number className:text methodName:text "
        "methodDesc:text lineNumber:number threadName:text threadId:number "
        "stackTrace:[StackTraceElement] expand:number"
    ),
    "line-list": "className:text sourceFile:text methodName:text methodDesc:text lines:[number]",
    "logger": "loggerInfoMap:{{any}} classLoaderClass:text matchedClassLoaders:[ClassLoaderVO]",
    "mbean": "mbeanNames:[text] mbeanMetadata:{any} mbeanAttribute:{[MBeanAttributeVO]}",
    "mc": "files:[text] classLoaderClass:text matchedClassLoaders:[ClassLoaderVO]",
    "memory": "memoryInfo:{[MemoryEntryVO]}",
    "message": "message:text",
    "monitor": "monitorDataList:[MonitorData]",
    "ognl": "value:any classLoaderClass:text matchedClassLoaders:[ClassLoaderVO] expand:number",
    "options": "options:[OptionVO] changeResult:ChangeResultVO",
    "perfcounter": "perfCounters:[PerfCounterVO] details:bool",
    "profiler": (
        "action:text actionArg:text format:text supportedActions:[text] executeResult:text "
        "outputFile:text duration:number"
    ),
    "pwd": "workingDir:text",
    "redefine": (
        "redefinitionCount:number redefinedClasses:[text] classLoaderClass:text "
        "matchedClassLoaders:[ClassLoaderVO]"
    ),
    "reset": "affect:EnhancerAffectVO",
    "retransform": (
        "ids:[number] retransformCount:number retransformClasses:[text] "
        "classLoaderClass:text matchedClassLoaders:[ClassLoaderVO] "
        "retransformEntries:[RetransformEntry] deletedRetransformEntry:RetransformEntry"
    ),
    "row_affect": "rowCount:number",
    "sc": (
        "classInfo:ClassDetailVO classNames:[text] segment:number detailed:bool "
        "withField:bool classLoaderClass:text matchedClassLoaders:[ClassLoaderVO]"
    ),
    "session": (
        "javaPid:number sessionId:text agentId:text tunnelServer:text statUrl:text "
        "tunnelConnected:bool userId:text"
    ),
    "shutdown": "graceful:bool message:text",
    "sm": (
        "methodInfo:MethodVO detail:bool classLoaderClass:text matchedClassLoaders:[ClassLoaderVO]"
    ),
    "stack": (
        "ts:text cost:number threadName:text threadId:text daemon:bool priority:number "
        "classloader:text traceId:text rpcId:text stackTrace:[StackTraceElement]"
    ),
    "status": "statusCode:number message:text",
    "sysenv": "env:{text}",
    "sysprop": "props:{text}",
    "thread": (
        "threadInfo:ThreadInfo blockingLockInfo:BlockingLockInfo "
        "busyThreads:[BusyThreadInfo] threadStats:[ThreadVO] threadStateCount:{number} "
        "all:bool"
    ),
    "trace": "root:TraceNode nodeCount:number",
    "tt": (
        "timeFragmentList:[TimeFragmentVO] timeFragment:TimeFragmentVO expand:number "
        "sizeLimit:number watchValue:any watchResults:{any} replayResult:TimeFragmentVO "
        "replayNo:number first:bool"
    ),
    "version": "version:text",
    "vmoption": "vmOptions:[VMOption] changeResult:ChangeResultVO",
    "vmtool": "value:any classLoaderClass:text matchedClassLoaders:[ClassLoaderVO] expand:number",
    "watch": (
        "ts:text cost:number value:any sizeLimit:number className:text methodName:text "
        "accessPoint:text expand:number"
    ),
    "welcome": "pid:text time:text version:text wiki:text tutorials:text mainClass:text",
}

OBJECTS: dict[str, str] = {
    "ArgumentVO": "argName:text required:bool multiValued:bool",
    "BlockingLockInfo": (
        "threadInfo:ThreadInfo lockIdentityHashCode:number blockingThreadCount:number"
    ),
    "BusyThreadInfo": (
        "id:number name:text group:text priority:number state:text cpu:number "
        "deltaTime:number time:number interrupted:bool daemon:bool blockedTime:number "
        "blockedCount:number waitedTime:number waitedCount:number lockInfo:LockInfo "
        "lockName:text lockOwnerId:number lockOwnerName:text inNative:bool suspended:bool "
        "stackTrace:[StackTraceElement] lockedMonitors:[MonitorInfo] "
        "lockedSynchronizers:[LockInfo]"
    ),
    "ChangeResultVO": "name:text beforeValue:any afterValue:any",
    "ClassDetailVO": (
        "name:text classloader:[text] classLoaderHash:text classInfo:text codeSource:text "
        "interface:bool annotation:bool enum:bool anonymousClass:bool array:bool "
        "localClass:bool memberClass:bool primitive:bool synthetic:bool simpleName:text "
        "modifier:text annotations:[text] interfaces:[text] superClass:[text] "
        "fields:[FieldVO]"
    ),
    "ClassLoaderStat": "loadedCount:number numberOfInstance:number",
    "ClassLoaderUrlStat": "usedUrls:[text] unUsedUrls:[text]",
    "ClassLoaderVO": (
        "name:text hash:text parent:text loadedCount:number numberOfInstances:number "
        "children:[ClassLoaderVO]"
    ),
    "ClassSetVO": "classloader:ClassLoaderVO classes:[text] segment:number",
    "ClassVO": "name:text classloader:[text] classLoaderHash:text",
    "CommandOptionVO": "longName:text shortName:text description:text acceptValue:bool",
    "CommandVO": (
        "name:text description:text usage:text summary:text options:[CommandOptionVO] "
        "arguments:[ArgumentVO]"
    ),
    "ConnectorStats": "name:text qps:number rt:number error:number received:number sent:number",
    "DumpClassVO": "name:text classloader:[text] classLoaderHash:text location:text",
    "EnhancerAffectVO": (
        "cost:number classCount:number methodCount:number listenerId:number "
        "throwable:Throwable classDumpFiles:[text] methods:[text] overLimitMsg:text"
    ),
    "FieldVO": "name:text type:text modifier:text value:any annotations:[text] static:bool",
    "GcInfoVO": "name:text collectionCount:number collectionTime:number",
    "JvmItemVO": "name:text desc:text value:any",
    "LockInfo": "className:text identityHashCode:number",
    "MBeanAttributeVO": "name:text value:any error:text",
    "MemoryEntryVO": "type:text name:text used:number total:number max:number",
    "MethodVO": (
        "declaringClass:text methodName:text modifier:text annotations:[text] "
        "parameters:[text] returnType:text exceptions:[text] classLoaderHash:text "
        "constructor:bool descriptor:text"
    ),
    "MonitorData": (
        "className:text methodName:text total:number success:number failed:number "
        "cost:number timestamp:text"
    ),
    "MonitorInfo": (
        "className:text identityHashCode:number lockedStackDepth:number "
        "lockedStackFrame:StackTraceElement"
    ),
    "OptionVO": "level:number type:text name:text summary:text description:text value:text",
    "PerfCounterVO": "name:text units:text variability:text value:any",
    "RetransformEntry": (
        "id:number className:text bytes:any hashCode:text classLoaderClass:text "
        "transformCount:number"
    ),
    "Row": (
        "name:text hash:text type:text classLoaderData:number classCount:number "
        "chunkSize:number blockSize:number hiddenBlockSize:number"
    ),
    "RuntimeInfoVO": (
        "osName:text osVersion:text javaVersion:text javaHome:text systemLoadAverage:number "
        "processors:number uptime:number timestamp:number"
    ),
    "StackTraceElement": (
        "fileName:text lineNumber:number className:text methodName:text classLoaderName:text "
        "moduleName:text moduleVersion:text nativeMethod:bool"
    ),
    "ThreadInfo": (
        "threadId:number threadName:text threadState:text priority:number daemon:bool "
        "inNative:bool suspended:bool blockedCount:number blockedTime:number "
        "waitedCount:number waitedTime:number lockInfo:LockInfo lockName:text "
        "lockOwnerId:number lockOwnerName:text lockedMonitors:[MonitorInfo] "
        "lockedSynchronizers:[LockInfo] stackTrace:[StackTraceElement]"
    ),
    "ThreadPool": "name:text busy:number total:number",
    "ThreadVO": (
        "id:number name:text group:text priority:number state:text cpu:number "
        "deltaTime:number time:number interrupted:bool daemon:bool"
    ),
    "Throwable": (
        "cause:Throwable message:text localizedMessage:text stackTrace:[StackTraceElement] "
        "suppressed:[Throwable]"
    ),
    "TimeFragmentVO": (
        "index:number timestamp:text cost:number return:bool throw:bool object:text "
        "className:text methodName:text params:[any] returnObj:any throwExp:any"
    ),
    "TomcatInfoVO": "connectorStats:[ConnectorStats] threadPools:[ThreadPool]",
    "TraceNode": (
        "type:text mark:text children:[TraceNode] threadName:text threadId:number "
        "daemon:bool priority:number classloader:text timestamp:text traceId:text rpcId:text "
        "cost:number className:text methodName:text lineNumber:number throw:bool "
        "throwExp:text minCost:number maxCost:number totalCost:number times:number "
        "invoking:bool exception:text message:text"
    ),
    "UrlClassStat": (
        "url:text loadedClassCount:number matchedClassCount:number classes:[text] truncated:bool"
    ),
    "VMOption": "name:text value:text origin:text writeable:bool",
}
