// Imported before the library: the tests load nothing from other servers.
Object.assign(globalThis, { MYELIN_OFFLINE: '1' });
