/** Entry `myelin/text`: text. */
export {};
